/** Kernels that the page keeps for its workers: images as plain data, by the hash of what they were built from. */
import type { Image } from '../../emulator/cc/image';
import { packDebug, unpackDebug } from '../../emulator/cc/packed';
import { BuildCache } from '../../emulator/kernel/build';

export type PackedImage = Omit<Image, 'debug'> & { debug: ReturnType<typeof packDebug> };

export function packImage(image: Image): PackedImage {
  return { ...image, debug: packDebug(image.debug) };
}

/** A cache over what the page gave; `built` is told of every new image. */
export function pageCache(
  given: ReadonlyMap<string, PackedImage>,
  built: (key: string, image: PackedImage) => void,
): BuildCache {
  return new BuildCache({
    load: (key) => {
      const packed = given.get(key);
      return packed && { ...packed, debug: unpackDebug(packed.debug) };
    },
    save: (key, image) => built(key, packImage(image)),
  });
}

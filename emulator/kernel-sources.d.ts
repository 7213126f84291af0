// The simulated kernel's C sources (emulator/linux), put into each bundle by .ci/bundle.mjs.
declare module 'kernel-sources' {
  /** Path below emulator/linux with '/' separators (fs/open.c, include/linux/sched.h) -> text. */
  export const kernelSources: ReadonlyMap<string, string>;
}

/** The host of sessions in tests: Node's, with the kernels that all test processes share. */
import type { Host } from '../../adapter/host';
import { nodeHost } from '../../adapter/node-host';
import { kernelCache } from '../lab/module';

const host = nodeHost(kernelCache);

export function testHost(): Host {
  return host;
}

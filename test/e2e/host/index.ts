/** Entry of the suite that runs inside the extension host. */
import './kernelSource';
import './language';
import './debugging';
import { runAll } from './suite';

/** Called by VS Code's test runner. */
export function run(): Promise<void> {
  return runAll();
}

// npm start: sets everything up, then opens the examples in VS Code with the extension; without a VS Code, or with
// --headless, shows the same machine in the terminal; with --web serves a real VS Code to a browser.
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from './build.mjs';
import { headless } from './headless.mjs';
import { web } from './web.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const words = process.argv.slice(2);
const known = ['--headless', '--web'];
const unknown = words.filter((word) => !known.includes(word) && !/^--port=\d+$/.test(word));
if (unknown.length > 0) {
  console.error(
    `npm start: unknown option ${unknown.join(' ')}. Known are --headless, --web and, with it, --port=NUMBER.`,
  );
  process.exit(2);
}

/** The first VS Code command line on this machine. */
function editorCommand() {
  return ['code', 'code-insiders', 'codium', 'code-oss'].find(
    (command) =>
      spawnSync(command, ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' }).status ===
      0,
  );
}

await buildAll();
if (words.includes('--web')) {
  const port = words.map((word) => /^--port=(\d+)$/.exec(word)?.[1]).find((text) => text !== undefined);
  await web(root, port === undefined ? undefined : Number(port));
} else {
  const editor = words.includes('--headless') ? undefined : editorCommand();
  if (editor) {
    console.log(`Opening examples/ in ${editor} with the extension. Open open_counter.c and press F5.`);
    spawn(editor, ['--new-window', `--extensionDevelopmentPath=${root}`, join(root, 'examples')], {
      stdio: 'ignore',
      detached: true,
      shell: process.platform === 'win32',
    }).unref();
  } else {
    process.exitCode = await headless(root);
  }
}

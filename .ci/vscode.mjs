// Puts a real VS Code (server, web workbench, Node extension host) into .cache/vscode, from the npm registry alone.
//
// The code-server package carries VS Code's own server build in lib/vscode; it starts by itself. Nothing of it enters
// the repository or the extension: it is what the browser tests and `npm start -- --web` run in.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** The newest release that runs on Node 20 (measured: VS Code 1.100.3). */
const version = '4.100.3';

/** Packages that have no prebuilt binary in that release; debugging needs neither a logger in C++ nor a native watchdog. */
const standIns = {
  'native-watchdog':
    'let timer;exports.start=(pid)=>{timer=setInterval(()=>{try{process.kill(pid,0)}catch{process.exit(87)}},1000);timer.unref()};exports.exit=(code)=>process.exit(code||0);\n',
  '@vscode/spdlog': `'use strict';
const fs = require('fs');
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
class Logger {
  constructor(file) { this.file = file; this.level = 2; }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  setPattern() {} clearFormatters() {} flush() {} drop() {}
}
levels.forEach((name, index) => {
  Logger.prototype[name] = function (message) {
    if (index >= this.level && this.file) fs.promises.appendFile(this.file, message + '\\n').catch(() => {});
  };
});
exports.version = 10000;
exports.setLevel = exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = async (name, file) => new Logger(file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger(file);
`,
};

/** Parts of the server that are of no use to a debug session. */
const unneeded = [
  'node_modules/@vscode/windows-process-tree',
  'node_modules/@vscode/windows-registry',
  'node_modules/@vscode/vscode-languagedetection/model',
  'extensions/mermaid-markdown-features',
  'extensions/microsoft-authentication',
];

/**
 * Returns the folder of a runnable VS Code server below `root`/.cache, installing it at the first call (about ten seconds).
 * Throws when the registry cannot be reached or the platform is not Linux.
 */
export function ensureVsCode(root) {
  const dir = join(root, '.cache', 'vscode', version);
  if (existsSync(join(dir, '.complete'))) return dir;
  if (process.platform !== 'linux')
    throw new Error('the VS Code server for browser tests is only available on Linux');
  console.log(`Fetching VS Code's web workbench (code-server ${version}, npm) into .cache …`);
  const work = join(root, '.cache', 'vscode', `${version}.partial`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const run = (command, args, cwd = work) =>
    execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  const unpack = (spec, into, ...only) => {
    const packed = JSON.parse(run('npm', ['pack', '--json', '--loglevel=error', spec]));
    const [entry] = Array.isArray(packed) ? packed : Object.values(packed);
    const file = entry.filename.replace('@', '').replace('/', '-');
    mkdirSync(into, { recursive: true });
    run('tar', ['xzf', file, '-C', into, '--strip-components=1', '--exclude=*.map', ...only]);
    rmSync(join(work, file));
  };
  unpack(`code-server@${version}`, join(work, 'package'), 'package/lib/vscode');
  const server = join(work, 'package', 'lib', 'vscode');
  run(
    'npm',
    [
      'ci',
      '--loglevel=error',
      '--legacy-peer-deps',
      '--ignore-scripts',
      '--omit=dev',
      '--no-audit',
      '--no-fund',
    ],
    server,
  );
  const modules = join(server, 'node_modules');
  for (const [name, text] of Object.entries(standIns)) writeFileSync(join(modules, name, 'index.js'), text);
  const platform = `linux-${process.arch}`;
  if (!existsSync(join(modules, 'node-pty', 'prebuilds', platform, 'pty.node'))) {
    unpack('node-pty@1.2.0-beta.15', join(work, 'pty'), `package/prebuilds/${platform}`);
    const release = join(modules, 'node-pty', 'build', 'Release');
    mkdirSync(release, { recursive: true });
    copyFileSync(join(work, 'pty', 'prebuilds', platform, 'pty.node'), join(release, 'pty.node'));
  }
  if (!existsSync(join(server, 'node_modules.asar')))
    symlinkSync('node_modules', join(server, 'node_modules.asar'));
  for (const path of unneeded) rmSync(join(server, path), { recursive: true, force: true });
  rmSync(dir, { recursive: true, force: true });
  renameSync(server, dir);
  rmSync(work, { recursive: true, force: true });
  writeFileSync(join(dir, '.complete'), JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')).version);
  return dir;
}

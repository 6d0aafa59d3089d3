// The demo, started on a free port and stopped again. A test waits for the address that it prints.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');

/** The binary to try: the one that the environment names, or the newest kind that is built. */
export function binary() {
  const built = [join(target, 'release', 'rochdale'), join(target, 'debug', 'rochdale')];
  const found = [process.env.ROCHDALE_BIN, ...built].find((path) => path && existsSync(path));
  if (!found) throw new Error('rochdale is not built: cargo build --release -p rochdale');
  return found;
}

/** Starts `rochdale demo` with further arguments; resolves once it prints its address, and fails if it ends before. */
export async function startDemo(...further) {
  const child = spawn(binary(), ['demo', '--listen', '127.0.0.1:0', ...further], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (bytes) => (complaint = (complaint + bytes).slice(-4000)));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const address = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(line);
      if (found) resolve(found[1]);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the demo ended with ${code} before it listened:\n${complaint}`)));
  });
  return {
    address,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

// A server on an empty folder, as a founder starts one, and the same server started again later.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { binary } from './server.mjs';

/** A folder without a co-op. `found` serves it and answers the address and the page for its founder; `serve` serves it later. */
export async function emptyFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'rochdale-first-run-'));
  let child;
  let ended;
  const stop = async () => {
    child?.kill('SIGTERM');
    await ended;
    child = undefined;
  };
  return {
    dir: join(folder, 'co-op'),
    found: () => start('127.0.0.1:0', /^ {2}(http:\/\/\S+)\/found\/[0-9a-f]{32}$/),
    serve: (listen) => start(listen, /^listening on (http:\/\/\S+)$/),
    stop,
    remove: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };

  /** Resolves with the address in the line that is waited for, and with the line. */
  async function start(listen, awaited) {
    child = spawn(binary(), ['serve', join(folder, 'co-op'), '--listen', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
    ended = new Promise((resolve) => child.once('exit', resolve));
    return new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const found = awaited.exec(line);
        if (found) resolve({ address: found[1], founding: line.trim() });
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it listened`)));
    });
  }
}

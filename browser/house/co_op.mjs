// A co-op made by the command line, as an operator makes one, and served for trying out.

import { execFile, spawn } from 'node:child_process';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { binary } from './server.mjs';

const run = promisify(execFile);

/**
 * Makes a co-op of a template (under an `edition`, open or not, with further `clauses`, and with other `documents` by file name, where they are named), imports `records` (kind → file's text) and the commits of a repository, `history`, runs what is due, hands in `acts` at the desk and goes on to
 * the day `until`, proposes the credit of that repository, publishes `files` (release clause, version, name, text of each), and serves it by a `door`, which is `--walk-in` unless another one is named.
 * Resolves once it listens; `stop` takes everything away again.
 */
export async function startCoop({ template, name, edition, clauses, documents = {}, records = {}, acts = [], until, history, files: published = [], door = ['--walk-in'] }) {
  const folder = await mkdtemp(join(tmpdir(), 'rochdale-browser-'));
  const dir = join(folder, 'co-op');
  const under = edition ? ['--edition', String(edition), '--open'] : [];
  await run(binary(), ['init', dir, '--template', template, '--name', name, ...under]);
  if (clauses) await appendFile(join(dir, 'constitution.md'), `\n\`\`\`charter\n${clauses}\n\`\`\`\n`);
  for (const [file, text] of Object.entries(documents)) await writeFile(join(dir, file), text);
  const files = [];
  for (const [kind, text] of Object.entries(records)) {
    const file = join(folder, kind);
    await writeFile(file, text);
    files.push(kind, file);
  }
  if (files.length > 0) {
    await run(binary(), ['import', ...files, '--dir', dir, '--replay']);
    await run(binary(), ['update', dir, '--until', new Date().toISOString().slice(0, 10)]);
  }
  if (history) await run(binary(), ['import', 'git', history, '--dir', dir]);
  if (acts.length > 0) {
    const file = join(folder, 'acts.jsonl');
    await writeFile(file, acts.map((act) => `${JSON.stringify(act)}\n`).join(''));
    await run(binary(), ['act', dir, '--file', file]);
    await run(binary(), ['update', dir, '--until', until]);
  }
  if (history) await run(binary(), ['credit', 'propose', dir, history]);
  for (const [clause, version, name, text] of published) {
    await writeFile(join(folder, name), text);
    await run(binary(), ['release', dir, clause, version, join(folder, name)]);
  }
  const child = spawn(binary(), ['serve', dir, ...door, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const address = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /(http:\/\/127\.0\.0\.1:\d+)/.exec(line);
      if (found) resolve(found[1]);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it listened`)));
  });
  return {
    address,
    /** A link by which a member comes in, where the door is for invited members. */
    invite: async (member) => JSON.parse((await run(binary(), ['invite', dir, member, '--address', address, '--json'])).stdout).link,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

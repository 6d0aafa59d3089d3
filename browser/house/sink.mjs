// A server of mail that takes every letter and keeps it for the test.

import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:net';

/** Starts it on a free port of loopback; `next` waits for a letter to an address whose words match, and forgets those before it. */
export async function startSink() {
  const letters = [];
  const arrivals = new EventEmitter();
  const server = createServer((socket) => {
    let held = '';
    let inLetter = false;
    socket.write('220 sink\r\n');
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      held += bytes;
      for (;;) {
        const end = inLetter ? held.indexOf('\r\n.\r\n') : held.indexOf('\r\n');
        if (end < 0) return;
        const taken = held.slice(0, end);
        held = held.slice(end + (inLetter ? 5 : 2));
        if (inLetter) {
          letters.push(taken.replaceAll('=\r\n', '').replaceAll('=3D', '='));
          arrivals.emit('letter');
        }
        const begins = !inLetter && taken.startsWith('DATA');
        inLetter = begins;
        socket.write(begins ? '354 go on\r\n' : taken.startsWith('QUIT') ? '221 bye\r\n' : '250 yes\r\n');
      }
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    next: async (to, pattern) => {
      for (;;) {
        const at = letters.findIndex((letter) => letter.includes(`To: ${to}`) && pattern.test(letter));
        if (at >= 0) return pattern.exec(letters.splice(0, at + 1).at(-1));
        await once(arrivals, 'letter');
      }
    },
    stop: () => server.close(),
  };
}

// Takes the pictures of the README anew, from the demo: `node browser/pictures.mjs`. They go to docs/pictures/.

import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { openPage, startChromium } from './house/browser.mjs';
import { root, startDemo } from './house/server.mjs';

const MOST_BYTES = 220_000;
const folder = join(root, 'docs', 'pictures');
const PICTURES = [
  { name: 'home', path: '/', until: 'main section:has(#deciding)' },
  { name: 'decision', path: '/decisions/maintainer', until: '.pictures' },
];

mkdirSync(folder, { recursive: true });
const demo = await startDemo();
const browser = await startChromium();
try {
  const { page } = await openPage(browser, demo.address, { viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
  for (const { name, path, until } of PICTURES) {
    await page.goto(path, { waitUntil: 'load' });
    const last = await page.locator(until).last().boundingBox();
    const file = join(folder, `${name}.png`);
    await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width: 1280, height: Math.ceil(last.y + last.height + 24) } });
    const bytes = statSync(file).size;
    console.log(`${name}.png: ${bytes} bytes`);
    if (bytes > MOST_BYTES) process.exitCode = 1;
  }
} finally {
  await browser.close();
  await demo.stop();
}

// Each look finds its defect in a page that has it, and nothing in a page that has none.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { openPage, startChromium } from './browser.mjs';
import * as looks from './looks.mjs';

const frame = (body, head = '') => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>button, input { min-width: 44px; min-height: 44px } button:focus { outline: 2px solid }</style>${head}</head>
<body><main>${body}</main></body></html>`;

const pages = {
  '/good': frame('<h1>Votes</h1><h2>For</h2><p>Words, and <a href="/good">a link</a>.</p><label>Share <input></label> <button>Place</button>'),
  '/unlabelled': frame('<h1>Votes</h1><input>'),
  '/wide': frame('<h1>Votes</h1><div style="width: 2000px">wide</div>'),
  '/small': frame('<h1>Votes</h1><button style="min-height: 0; height: 20px">Place</button>'),
  '/skipped': frame('<h1>Votes</h1><h3>For</h3>'),
  '/two': frame('<h1>Votes</h1><h1>Ballots</h1>'),
  '/unfocused': frame('<h1>Votes</h1><button style="outline: none">Place</button>'),
  '/shifting': frame('<div id="late"></div><h1>Votes</h1><p style="height: 400px">text</p>', '<script>const late = () => { document.getElementById("late").style.height = "300px" }; onload = () => requestAnimationFrame(() => requestAnimationFrame(late))</script>'),
  '/elsewhere': frame('<h1>Votes</h1><img alt="" src="http://localhost:9/a.png">'),
  '/complaining': frame('<h1>Votes</h1><script>console.error("oh no")</script>'),
  '/policy': frame('<h1>Votes</h1><script>1</script>'),
};

let browser;
let server;
let address;

before(async () => {
  server = createServer((request, response) => {
    const body = pages[request.url];
    const policy = request.url === '/policy' ? { 'content-security-policy': "script-src 'none'" } : {};
    response.writeHead(body ? 200 : 404, { 'content-type': 'text/html', ...policy });
    response.end(body ?? 'no');
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  address = `http://127.0.0.1:${server.address().port}`;
  browser = await startChromium();
}, { timeout: 60_000 });

after(async () => {
  await browser?.close();
  server.close();
});

/** Returns the findings of a look on a page, and the page's troubles. */
async function lookAt(path, look = async () => []) {
  const { page, context, troubles } = await openPage(browser, address, { viewport: { width: 360, height: 780 } });
  await page.goto(path, { waitUntil: 'networkidle' });
  const found = await look(page);
  await context.close();
  return { found, troubles };
}

for (const [name, look] of Object.entries(looks)) {
  test(`${name} finds nothing on a good page`, async () => {
    const focusing = async (page) => (await page.getByRole('button').focus(), look(page));
    assert.deepEqual(await lookAt('/good', focusing), { found: [], troubles: [] });
  });
}

for (const [path, name, words] of [
  ['/unlabelled', 'accessibility', /label/],
  ['/wide', 'sidewaysScroll', /2000|wide/],
  ['/small', 'smallTargets', /"Place" is \d+ × 20 px/],
  ['/skipped', 'headings', /level 3 below level 1/],
  ['/two', 'headings', /2 first-level/],
  ['/shifting', 'layoutShift', /shifted by 0\.\d+/],
]) {
  test(`${name} finds ${path}`, async () => {
    const { found } = await lookAt(path, looks[name]);
    assert.match(found.join('\n'), words);
  });
}

test('invisibleFocus finds /unfocused', async () => {
  const { found } = await lookAt('/unfocused', async (page) => (await page.keyboard.press('Tab'), looks.invisibleFocus(page)));
  assert.match(found.join('\n'), /"Place" shows no focus/);
});

for (const [path, words] of [
  ['/elsewhere', /another host/],
  ['/complaining', /oh no/],
  ['/policy', /content security policy|Content Security Policy/],
  ['/absent', /status 404/],
]) {
  test(`a page's troubles hold ${path}`, async () => {
    const { troubles } = await lookAt(path);
    assert.match(troubles.join('\n'), words);
  });
}

// Opens every page of the demo as a reader would: on a phone and on a desk, light and dark, without scripts, and with
// the keyboard alone. Run with `node browser/run.mjs`; pictures go to target/screenshots/.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { openPage, startChromium } from './house/browser.mjs';
import * as looks from './house/looks.mjs';
import { startDemo, target } from './house/server.mjs';
import { MEMBER, words } from './words.mjs';

const PAGES = JSON.parse(readFileSync(new URL('pages.json', import.meta.url), 'utf8'));
const SIZES = [{ width: 360, height: 780 }, { width: 1280, height: 900 }];
const COLOURS = ['light', 'dark'];
const FIRST_PAGE_BYTES = 60_000;
const pictures = join(target, 'screenshots');

let demo;
let browser;
let member;

before(
  async () => {
    mkdirSync(pictures, { recursive: true });
    demo = await startDemo();
    browser = await startChromium();
    member = await walkIn();
  },
  { timeout: 120_000 },
);

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** The cookies of a visitor who picked a member. */
async function walkIn() {
  const { page, context } = await openPage(browser, demo.address);
  await pickMember(page);
  const state = await context.storageState();
  await context.close();
  return state;
}

async function pickMember(page) {
  await page.goto('/walk-in');
  await words.chooseMember(page).selectOption({ label: await labelOf(page, MEMBER) });
  await words.walkIn(page).click();
  await page.getByText(MEMBER).first().waitFor();
}

/** The whole label of the option that names a member: it may say more than the name. */
async function labelOf(page, name) {
  const labels = await words.chooseMember(page).locator('option').allTextContents();
  return labels.find((label) => label.includes(name)) ?? assert.fail(`nobody can walk in as ${name}`);
}

/** Opens a page, runs `steps` with it, and closes it; fails on every trouble that came up meanwhile. */
async function visit(settings, steps) {
  const { page, context, troubles } = await openPage(browser, demo.address, settings);
  try {
    await steps(page);
    assert.deepEqual(troubles, []);
  } finally {
    await context.close();
  }
}

async function pathOf(page, path) {
  if (!path.includes('<first>')) return path;
  await page.goto('/members');
  return words.memberLinks(page).first().getAttribute('href');
}

function pictureOf(path, reader, viewport, colorScheme) {
  const name = path === '/' ? 'home' : path.slice(1).replaceAll('/', '-').replaceAll(/[<>]/g, '');
  return join(pictures, `${name}-${reader}-${viewport.width}-${colorScheme}.png`);
}

for (const { path, as, demonstration } of PAGES) {
  for (const reader of as) {
    describe(`${path} as ${reader}`, () => {
      for (const viewport of SIZES) {
        for (const colorScheme of COLOURS) {
          test(`looks right at ${viewport.width} px, ${colorScheme}`, { timeout: 60_000 }, async () => {
            const settings = { viewport, colorScheme, storageState: reader === 'member' ? member : undefined };
            await visit(settings, async (page) => {
              const answer = await page.goto(await pathOf(page, path), { waitUntil: 'networkidle' });
              assert.equal(answer.status(), 200);
              await page.screenshot({ path: pictureOf(path, reader, viewport, colorScheme), fullPage: true });
              assert.deepEqual(await looks.layoutShift(page), []);
              assert.deepEqual(await looks.sidewaysScroll(page), []);
              assert.deepEqual(await looks.smallTargets(page), []);
              assert.deepEqual(await looks.headings(page), []);
              assert.deepEqual(await looks.accessibility(page), []);
              if (demonstration) assert.match(await page.getByRole('main').innerText(), words.demonstration);
            });
          });
        }
      }
    });
  }
}

test('the first page weighs at most 60 kB', { timeout: 60_000 }, async () => {
  await visit({}, async (page) => {
    const wire = await page.context().newCDPSession(page);
    let bytes = 0;
    wire.on('Network.loadingFinished', (load) => (bytes += load.encodedDataLength));
    await wire.send('Network.enable');
    await page.goto('/', { waitUntil: 'networkidle' });
    assert.ok(bytes > 0 && bytes <= FIRST_PAGE_BYTES, `${bytes} bytes came over the wire`);
  });
});

test('without scripts a ballot is placed, previewed and counted', { timeout: 60_000 }, async () => {
  await visit({ javaScriptEnabled: false }, async (page) => {
    await pickMember(page);
    await page.goto('/decisions/maintainer');
    const before = await words.standings(page).innerText();
    await words.forShare(page).fill('37');
    await words.score(page).fill('10');
    await words.preview(page).click();
    await page.getByText(words.wouldChange).first().waitFor();
    await page.goto('/decisions/maintainer');
    assert.equal(await words.standings(page).innerText(), before, 'a preview changes nothing');

    await words.forShare(page).fill('37');
    await words.score(page).fill('10');
    await words.place(page).click();
    await page.getByText(words.placed).first().waitFor();
    await page.goto('/decisions/maintainer');
    assert.equal(await words.forShare(page).inputValue(), '37');

    await words.runUpdate(page).click();
    await page.goto('/decisions/maintainer');
    assert.notEqual(await words.standings(page).innerText(), before, 'the update counts the ballot');
    assert.equal(await words.forShare(page).inputValue(), '37', 'the ballot stands');
  });
});

test('with the keyboard alone a ballot is placed', { timeout: 60_000 }, async () => {
  await visit({ storageState: member }, async (page) => {
    await page.goto('/decisions/code-of-conduct');
    await tabTo(page, words.forShare(page));
    await page.keyboard.press('Control+A');
    await page.keyboard.type('11');
    await tabTo(page, words.score(page));
    await page.keyboard.press('Control+A');
    await page.keyboard.type('10');
    await tabTo(page, words.place(page));
    await page.keyboard.press('Enter');
    await page.getByText(words.placed).first().waitFor();
    await page.goto('/decisions/code-of-conduct');
    assert.equal(await words.forShare(page).inputValue(), '11');
  });
});

test('the first tab stop skips to the content', { timeout: 60_000 }, async () => {
  await visit({}, async (page) => {
    await page.goto('/');
    await page.keyboard.press('Tab');
    assert.deepEqual(await looks.invisibleFocus(page), []);
    await page.keyboard.press('Enter');
    assert.equal(new URL(page.url()).hash, `#${await page.getByRole('main').getAttribute('id')}`);
  });
});

/** Presses Tab until `wanted` has the focus; every stop on the way must show that it has it. */
async function tabTo(page, wanted) {
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press('Tab');
    assert.deepEqual(await looks.invisibleFocus(page), []);
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail('two hundred tab stops did not reach it');
}

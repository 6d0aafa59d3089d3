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

import './founding.mjs';
import './adoption.mjs';
import './credit.mjs';
import './devices.mjs';
import './fresh.mjs';
import './hostile.mjs';
import './joining.mjs';
import './issuers.mjs';
import './mechanisms.mjs';
import './money.mjs';
import './passkeys.mjs';
import './powers.mjs';
import './record.mjs';
import './ways.mjs';

const PAGES = JSON.parse(readFileSync(new URL('pages.json', import.meta.url), 'utf8'));
const SIZES = [{ width: 360, height: 780 }, { width: 1280, height: 900 }];
const COLOURS = ['light', 'dark'];
// A colour depends on no width: each size in one of them, and with ROCHDALE_SCREENS=all, as script/nightly has it, in both.
const SCREENS = SIZES.flatMap((viewport) => COLOURS.map((colorScheme) => ({ viewport, colorScheme })));
const LOOKED_AT = process.env.ROCHDALE_SCREENS === 'all' ? SCREENS : [SCREENS[1], SCREENS[2]];
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
  await words.findMember(page).fill(MEMBER);
  await submit(page, words.find(page), words.afterFind);
  await submit(page, words.beMember(page, MEMBER), words.afterWalkIn);
  await words.whoIAm(page, MEMBER).waitFor();
}

/** Presses a button by keyboard, which needs no scripts of playwright's in the page, and waits for the address it leads to. */
async function submit(page, button, address) {
  await Promise.all([page.waitForURL(address), button.press('Enter')]);
}

/** Opens a page, runs `steps` with it, and closes it; fails on every trouble that came up meanwhile and was not expected. */
async function visit(settings, steps, expected = []) {
  const { page, context, troubles } = await openPage(browser, demo.address, settings);
  try {
    await steps(page);
    const surprises = troubles.filter((trouble) => !expected.some((pattern) => pattern.test(trouble)));
    assert.deepEqual(surprises, []);
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
  const name = path === '/' ? 'home' : path.slice(1).replaceAll(/[/?=]/g, '-').replaceAll(/[<>]/g, '');
  return join(pictures, `${name}-${reader}-${viewport.width}-${colorScheme}.png`);
}

for (const { path, as, demonstration } of PAGES) {
  for (const reader of as) {
    describe(`${path} as ${reader}`, { concurrency: 2 }, () => {
      for (const { viewport, colorScheme } of LOOKED_AT) {
        test(`looks right at ${viewport.width} px, ${colorScheme}`, { timeout: 60_000 }, async () => {
          const settings = { viewport, colorScheme, storageState: reader === 'member' ? member : undefined };
          await visit(settings, async (page) => {
            const answer = await page.goto(await pathOf(page, path), { waitUntil: 'load' });
            assert.equal(answer.status(), 200);
            // Before the picture: for a picture of the whole page the window is made as high as the page, which moves things.
            // A frame that a busy machine drew in between is no fault of the page: what shifts, shifts twice.
            if ((await looks.layoutShift(page)).length > 0) await page.reload({ waitUntil: 'load' });
            assert.deepEqual(await looks.layoutShift(page), []);
            await page.screenshot({ path: pictureOf(path, reader, viewport, colorScheme), fullPage: true });
            assert.deepEqual(await looks.sidewaysScroll(page), []);
            assert.deepEqual(await looks.smallTargets(page), []);
            assert.deepEqual(await looks.headings(page), []);
            assert.deepEqual(await looks.accessibility(page), []);
            if (demonstration) assert.match(await page.getByRole('main').innerText(), words.demonstration);
          });
        });
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

/** Returns the number in one of a row's cells, as written. */
async function votes(row, cell) {
  return (await row.getByRole('cell').nth(cell).innerText()).trim();
}

test('without scripts, what a preview said is what the next update did', { timeout: 60_000 }, async () => {
  await visit({ javaScriptEnabled: false }, async (page) => {
    await pickMember(page);
    await page.goto('/decisions/maintainer');
    // The records end within a month, and weights change with the month: this update carries them over its end.
    await submit(page, words.runUpdate(page), words.afterUpdate);
    const score = words.scores(page).first();
    const name = await words.scored(score);
    const before = await votes(words.standing(page, name), words.votesIn.standing);

    await words.forShare(page).fill('3');
    await score.fill('10');
    await submit(page, words.preview(page), words.afterPreview);
    await page.getByText(words.nothingChangedYet).waitFor();
    const would = await votes(words.previewed(page, name), words.votesIn.would);
    assert.equal(await votes(words.previewed(page, name), words.votesIn.now), before);
    assert.notEqual(would, before, `${MEMBER} has votes to move`);

    await submit(page, words.cast(page), words.afterCast);
    assert.equal(await words.forShare(page).inputValue(), '3');
    assert.equal(await votes(words.standing(page, name), words.votesIn.standing), before, 'votes are not published between updates');

    await submit(page, words.runUpdate(page), words.afterUpdate);
    assert.equal(await votes(words.standing(page, name), words.votesIn.standing), would);
    assert.equal(await words.forShare(page).inputValue(), '3', 'the ballot stands');
  });
});

test('with scripts, what would change shows while one types', { timeout: 60_000 }, async () => {
  await visit({ storageState: member }, async (page) => {
    await page.goto('/decisions/maintainer');
    await words.scores(page).first().fill('9');
    await words.forShare(page).fill('2');
    await page.getByText(words.nothingChangedYet).waitFor();
    assert.equal(new URL(page.url()).pathname, '/decisions/maintainer', 'the page stays');
  });
});

test('with scripts, shares on My page show what they would change', { timeout: 60_000 }, async () => {
  await visit({ storageState: member, viewport: SIZES[0] }, async (page) => {
    await page.goto('/me');
    const share = words.shares(page).first();
    await share.fill('1');
    await share.press('Tab');
    await page.getByText(words.nothingChangedYet).waitFor();
    assert.equal(new URL(page.url()).pathname, '/me', 'the page stays');
    assert.deepEqual(await looks.accessibility(page), []);
    assert.deepEqual(await looks.sidewaysScroll(page), []);
    await share.fill('a fifth');
    await share.press('Tab');
    await page.getByText(words.lookAgain).waitFor();
  }, [/status 422/, /422/]);
});

test('without scripts, a member stands and a text is proposed, given attention and taken back', { timeout: 60_000 }, async () => {
  await visit({ javaScriptEnabled: false, viewport: SIZES[0] }, async (page) => {
    await pickMember(page);
    await page.goto('/decisions/maintainer');
    await submit(page, words.stand(page), words.afterStep('stand'));
    await words.fold(page, words.giveAttention).first().press('Enter');
    await words.attention(page).first().fill('1');
    await submit(page, words.giveIt(page).first(), words.afterStep('nominate'));
    await words.fold(page, /^My attention: 1 % for/).first().waitFor();
    await words.fold(page, /^Withdraw my name/).press('Enter');
    await submit(page, words.withdrawName(page), words.afterStep('withdraw'));

    await page.goto('/decisions/code-of-conduct');
    await words.fold(page, /^Propose a text/).press('Enter');
    await words.text(page).fill('# Hello <b>there</b>\n\nBe kind.\n');
    await submit(page, words.propose(page), words.afterStep('propose'));
    await page.getByRole('main').getByRole('link', { name: 'Hello <b>there</b>' }).first().press('Enter');
    await page.waitForURL(/\/documents\//);
    await page.getByText('Be kind.').waitFor();
    assert.deepEqual(await looks.sidewaysScroll(page), []);
    await page.goto('/decisions/code-of-conduct');
    await submit(page, words.withdrawText(page, 'Hello <b>there</b>'), words.afterStep('withdraw'));
  });
});

test('a refusal says why, that nothing was lost, and what to do', { timeout: 60_000 }, async () => {
  await visit({ javaScriptEnabled: false, storageState: member }, async (page) => {
    await page.goto('/decisions/maintainer');
    await words.forShare(page).fill('100');
    await words.scores(page).first().fill('10');
    await submit(page, words.cast(page), /\/ballot$/);
    await page.getByText(words.rulesSayNo).waitFor();
    await page.getByText(words.nothingWasLost).waitFor();
    assert.ok((await page.getByRole('main').getByRole('listitem').count()) > 0);
  }, [/409/]);
});

test('with the keyboard alone a ballot is cast', { timeout: 60_000 }, async () => {
  await visit({ storageState: member }, async (page) => {
    await page.goto('/decisions/code-of-conduct');
    await tabTo(page, words.forShare(page));
    await page.keyboard.press('Control+A');
    await page.keyboard.type('4');
    await tabTo(page, words.scores(page).first());
    await page.keyboard.press('Control+A');
    await page.keyboard.type('10');
    await tabTo(page, words.cast(page));
    await Promise.all([page.waitForURL(words.afterCast), page.keyboard.press('Enter')]);
    assert.equal(await words.forShare(page).inputValue(), '4');
  });
});

test('an address that is not there says so, and where to go', { timeout: 60_000 }, async () => {
  const { page, context } = await openPage(browser, demo.address, { viewport: SIZES[0] });
  const answer = await page.goto('/nowhere');
  assert.equal(answer.status(), 404);
  assert.deepEqual(await looks.accessibility(page), []);
  assert.ok((await page.getByRole('main').getByRole('link').count()) > 0);
  await context.close();
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

// A stranger joins through an open door and by asking, without scripts; a member lets their membership rest; and the pages of joining,
// leaving, hearings and the register are looked at on a phone and a desk.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { openPage, startChromium } from './house/browser.mjs';
import { startCoop } from './house/co_op.mjs';
import * as looks from './house/looks.mjs';
import { target } from './house/server.mjs';
import { words } from './words.mjs';

const KERNEL = `# Kernel
\`\`\`charter
kernel {
    name "Toad Lane"
    purpose "Let people in"
    currency "EUR"
    time-zone "Europe/Berlin"
    class "eaters" { weight "donated(ever) / 1 EUR"; join "open" }
    class "workers" list="worker-list" { weight "1"; join "request" }
    class "friends" list="friend-list" { weight "1"; join "vouched by 2" }
    leaving { notice "30 days"; ends "end of month"; pause "1 year" }
    constitution { settles-in "30 days"; updates "weekly on monday at 01:00" }
}
\`\`\`
`;
const CONSTITUTION = '```charter\nbody "council" seats=3 { settles-in "1 day"; may "expel" "admit" }\n```\n';
const REGISTER = 'name,kind,joined,email\nmember-001,person,2025-01-01,m1@example.org\nmember-002,organisation,2025-01-02,m2@example.org\n';
const pictures = join(target, 'screenshots');

let coop;
let browser;

before(
  async () => {
    mkdirSync(pictures, { recursive: true });
    coop = await startCoop({
      template: 'club',
      name: 'Toad Lane',
      edition: 5,
      documents: { 'kernel.md': KERNEL, 'constitution.md': CONSTITUTION },
      records: { 'members-csv': REGISTER },
      door: [],
    });
    browser = await startChromium();
  },
  { timeout: 120_000 },
);

after(async () => {
  await browser?.close();
  await coop?.stop();
});

/** Presses something, and waits for the page that answers, whether a script asks for it or the browser. */
async function press(page, what) {
  const isPage = (answer) => answer.ok() && /text\/html/.test(answer.headers()['content-type'] ?? '');
  await Promise.all([page.waitForResponse(isPage), what.click()]);
}

/** Comes in by a link of a member's, with its button. */
async function comeIn(page, name) {
  await page.goto(await coop.invite(name));
  await Promise.all([page.waitForURL(words.afterJoining), words.comeIn(page, name).click()]);
}

test('a stranger joins through an open door in six presses, without scripts', { timeout: 60_000 }, async () => {
  const settings = { viewport: { width: 320, height: 700 }, javaScriptEnabled: false };
  const { page, context, troubles } = await openPage(browser, coop.address, settings);
  try {
    await page.goto('/');
    await press(page, words.askToJoin(page));
    await words.yourName(page).fill('member-003');
    await words.doorOf(page, 'eaters').check();
    await press(page, words.ask(page));
    await press(page, words.openTheLink(page));
    await Promise.all([page.waitForURL(words.afterJoining), words.comeIn(page, 'member-003').click()]);
    assert.match(await page.getByRole('banner').innerText(), /member-003/);
    assert.deepEqual(troubles, []);
  } finally {
    await context.close();
  }
});

test('who asks sees how it stands, and members see who asks', { timeout: 60_000 }, async () => {
  const { page, context, troubles } = await openPage(browser, coop.address, { viewport: { width: 1280, height: 900 } });
  try {
    await page.goto('/join');
    await words.yourName(page).fill('member-004');
    await words.doorOf(page, 'workers').check();
    await press(page, words.ask(page));
    await press(page, words.openTheLink(page));
    await page.getByText(words.standsAsRequest).waitFor();
    await page.goto('/applications');
    assert.match(await page.getByRole('main').innerText(), /member-004/);
    assert.deepEqual(troubles, []);
  } finally {
    await context.close();
  }
});

test('a membership rests and goes on from a page', { timeout: 60_000 }, async () => {
  const { page, context, troubles } = await openPage(browser, coop.address, { viewport: { width: 320, height: 700 } });
  try {
    await comeIn(page, 'member-001');
    await page.goto('/membership');
    await press(page, words.rest(page));
    await Promise.all([page.waitForURL(words.afterGoingOn), words.goOn(page).click()]);
    assert.deepEqual(troubles, []);
  } finally {
    await context.close();
  }
});

for (const width of [320, 1280]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`the pages at ${width} px, ${colorScheme}`, { timeout: 120_000 }, async () => {
      const { page, context, troubles } = await openPage(browser, coop.address, { viewport: { width, height: 900 }, colorScheme });
      try {
        await comeIn(page, 'member-002');
        for (const path of ['/join', '/applications', '/register?former=yes', '/membership', '/hearings', '/members']) {
          const answer = await page.goto(path);
          assert.equal(answer.status(), 200, path);
          await page.screenshot({ path: join(pictures, `joining-${path.split(/[/?]/)[1]}-${width}-${colorScheme}.png`), fullPage: true });
          assert.deepEqual(await looks.sidewaysScroll(page), [], path);
          assert.deepEqual(await looks.smallTargets(page), [], path);
          assert.deepEqual(await looks.headings(page), [], path);
          assert.deepEqual(await looks.accessibility(page), [], path);
        }
        assert.deepEqual(troubles, []);
      } finally {
        await context.close();
      }
    });
  }
}

// Credit of a month, under edition 4: members find what is proposed, strike from it by a form, and see where their own came from, with
// scripts and without them, on phones and on a desk.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { openPage, startChromium } from './house/browser.mjs';
import { startCoop } from './house/co_op.mjs';
import * as looks from './house/looks.mjs';
import { words } from './words.mjs';

const run = promisify(execFile);
const MEMBERS = ['member-001', 'member-002', 'member-003'];
const NARROW = { viewport: { width: 320, height: 640 }, colorScheme: 'dark' };
const DESK = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' };
const DAY_MS = 86_400_000;
const CLAUSES = `commitment "credit" every="year" {
    accepts "credit"
    credit { mint commit="2" }
}`;

/** This year: the log goes on to the beginning of the next one. */
const YEAR = new Date().getUTCFullYear();

let browser;
let coop;
let folder;

before(
  async () => {
    folder = await mkdtemp(join(tmpdir(), 'rochdale-history-'));
    await history(folder);
    browser = await startChromium();
    coop = await startCoop({
      template: 'club',
      name: 'Our workshop',
      edition: 4,
      clauses: CLAUSES,
      records: { 'members-csv': register() },
      acts: dues(),
      until: `${YEAR + 1}-01-03`,
      history: folder,
    });
  },
  { timeout: 180_000 },
);

after(async () => {
  await browser?.close();
  await coop?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Returns the day this many days from now, as ISO 8601. */
function day(ahead) {
  return new Date(Date.now() + ahead * DAY_MS).toISOString().slice(0, 10);
}

/** The first two come in with the repository. */
function register() {
  return `name,kind,joined,email\n${MEMBERS[2]},person,2025-01-01,m2@example.org\n`;
}

/** Everybody has weight. */
function dues() {
  return MEMBERS.map((member, index) => ({
    act: 'record_support',
    member,
    kind: 'dues',
    amount: { amount: 5000, currency: 'USD' },
    given_at: day(0),
    source: `test:${index}`,
  }));
}

/** Six commits of New Year's Day, by the first two members in turn. */
async function history(dir) {
  const git = (args, extra = {}) =>
    run('git', args, { cwd: dir, env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', ...extra } });
  await git(['init', '-q', '-b', 'main']);
  for (let nth = 0; nth < 6; nth += 1) {
    const [name, email] = [MEMBERS[nth % 2], `m${nth % 2}@example.org`];
    const date = `${YEAR}-01-01T00:00:0${nth}Z`;
    const by = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date };
    const committed = { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_DATE: date };
    await git(['commit', '-q', '--allow-empty', '-m', `Step ${nth}`], { ...by, ...committed });
  }
}

async function press(page, button) {
  await Promise.all([page.waitForEvent('load'), button.press('Enter')]);
}

/** The steps may be refused so many times, and make no other trouble. */
async function visitAs(name, settings, steps, refusals = 0) {
  const { page, context, troubles } = await openPage(browser, coop.address, settings);
  try {
    await page.goto('/walk-in');
    await press(page, words.beMember(page, name));
    await steps(page);
    const isRefusal = (trouble) => / 409\b/.test(trouble);
    assert.deepEqual(troubles.filter((trouble) => !isRefusal(trouble)), []);
    assert.equal(troubles.filter((trouble) => trouble.startsWith('status 409: ')).length, refusals);
  } finally {
    await context.close();
  }
}

describe('credit of a year', { concurrency: 1 }, () => {
  const ways = [
    ['with scripts', { ...DESK }, 'member-002'],
    ['without scripts', { ...NARROW, javaScriptEnabled: false }, 'member-001'],
  ];
  for (const [way, settings, struck] of ways) {
    test(`a member strikes somebody by links and buttons, ${way}`, { timeout: 120_000 }, async () => {
      await visitAs('member-003', settings, async (page) => {
        const strike = async (line, reasons) => {
          await page.goto('/credit');
          await press(page, words.toItsBallot(page));
          await words.putUpAnOption(page).press('Enter');
          await words.optionLine(page).fill(line);
          await words.optionReasons(page).fill(reasons);
          await press(page, words.putItUp(page));
        };
        await page.goto('/credit');
        await page.getByText(/12 credits for 2 members/).waitFor();
        await strike('Everything is fine', '');
        await page.getByText(words.rulesSayNo).first().waitFor();
        await strike(`strike member ${struck}`, 'It was made up.');
        await page.goto('/credit');
        await page.getByRole('link', { name: `strike member ${struck}` }).waitFor();
        await page.getByText(new RegExp(`^${struck}: [0-9.]+ → 0$`)).waitFor();
      }, 1);
    });

    test(`a member sees where their credit came from, ${way}`, { timeout: 60_000 }, async () => {
      await visitAs('member-001', settings, async (page) => {
        await page.goto('/me');
        await press(page, words.creditOf(page, YEAR));
        await page.getByRole('heading', { level: 1, name: words.myCredit }).waitFor();
        const tables = await page.getByRole('main').getByRole('table').count();
        assert.equal(tables, 3, 'one for each commit');
        await page.getByRole('rowheader').first().waitFor();
      });
    });
  }

  test('every page of credit is in order on phones and on a desk', { timeout: 120_000 }, async () => {
    for (const settings of [NARROW, DESK]) {
      await visitAs('member-001', settings, async (page) => {
        for (const path of ['/credit', `/credit/${YEAR}-01-01`, '/decisions/credit']) {
          const answer = await page.goto(path);
          assert.equal(answer.status(), 200, path);
          assert.deepEqual(await looks.inOrder(page), []);
        }
      });
    }
  });
});

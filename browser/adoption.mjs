// Members change their constitution from the first wrong word to the new office, in the demo of a small club.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openPage, startChromium } from './house/browser.mjs';
import * as looks from './house/looks.mjs';
import { startDemo } from './house/server.mjs';
import { words } from './words.mjs';

const TITLE = 'A constitution with an archivist';
const OFFICE = 'office "archivist" { settles-in "21 days" }';
const MOST_UPDATES = 60;

let demo;
let browser;

before(
  async () => {
    demo = await startDemo('--template', 'club');
    browser = await startChromium();
  },
  { timeout: 120_000 },
);

after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function submit(page, button, address) {
  await Promise.all([page.waitForURL(address), button.press('Enter')]);
}

/** Names of the members with weight, heaviest first. */
async function weighty(page) {
  await page.goto('/walk-in');
  const labels = await page.getByRole('main').getByRole('button', { name: /weight/ }).allInnerTexts();
  return labels.filter((label) => !/weight 0\.00/.test(label)).map((label) => label.trim().split(/\s/)[0]);
}

async function become(page, name) {
  await page.goto(`/walk-in?query=${encodeURIComponent(name)}`);
  await submit(page, words.beMember(page, name), words.afterWalkIn);
}

/** The reader's ballots on everything but the constitution, as My page lists them. */
async function ballots(page) {
  await page.goto('/me');
  const shares = words.shares(page);
  const all = await shares.evaluateAll((fields) => fields.map((field) => [field.name, field.value]));
  return all.filter(([name]) => !name.startsWith('share.constitution'));
}

test('a constitution is written, mended, tried, nominated, voted for, and in force', { timeout: 300_000 }, async () => {
  const { page, context, troubles } = await openPage(browser, demo.address, { viewport: { width: 360, height: 780 } });
  try {
    const members = await weighty(page);
    assert.ok(members.length >= 3, `${members}`);
    await become(page, members[0]);
    const stood = await ballots(page);

    await page.goto('/constitution/propose?decision=constitution');
    const inForce = await words.rulesText(page).inputValue();
    const text = `${inForce.replace(/^# .*/, `# ${TITLE}`)}\n\`\`\`charter\n${OFFICE}\n\`\`\`\n`;
    await words.rulesText(page).fill(text.replace(OFFICE, OFFICE.replace('settles-in', 'setles-in')));
    await words.verdict(page).getByText(/mistake/).waitFor();
    await page.getByRole('main').getByText(/setles-in/).last().waitFor();
    assert.deepEqual(await looks.accessibility(page), []);
    assert.deepEqual(await looks.sidewaysScroll(page), []);
    await words.rulesText(page).fill(text);
    await words.verdict(page).getByText(words.itChecks).waitFor();
    await page.getByText(words.wouldOpen('archivist')).waitFor();
    await submit(page, words.tryOnThePast(page), /\/past/);
    await page.getByText(words.tried).waitFor();
    assert.equal(await words.rulesText(page).inputValue(), text, 'what was typed is kept');
    for (const look of [looks.accessibility, looks.sidewaysScroll, looks.headings, looks.smallTargets]) {
      assert.deepEqual(await look(page), []);
    }
    await submit(page, words.proposeRules(page), words.afterStep('propose'));
    await words.attentionForRules(page).fill('5');
    await submit(page, words.giveItToRules(page), words.afterStep('nominate'));

    for (const name of members) {
      await become(page, name);
      await page.goto('/decisions/constitution');
      const free = /Up to ([\d.]+) % of your weight/.exec(await words.canGoHere(page).innerText());
      const share = Math.floor(Math.min(Number(free[1]), 40));
      if (share === 0) continue;
      await words.forShare(page).fill(`${share}`);
      await words.scoreFor(page, TITLE).fill('10');
      await submit(page, words.cast(page), words.afterCast);
    }

    let updates = 0;
    for (; updates < MOST_UPDATES; updates += 1) {
      await page.goto('/decisions');
      if ((await words.openDecision(page, 'Archivist').count()) > 0) break;
      await page.goto('/decisions/constitution');
      await submit(page, words.runUpdate(page), words.afterUpdate);
    }
    assert.ok(updates < MOST_UPDATES, `not in force after ${updates} updates`);
    assert.ok(updates > 1, 'an outcome settles');
    await page.goto('/constitution');
    await page.getByText(`“${TITLE}”, in force since`).waitFor();
    await page.goto('/decisions/archivist');
    await words.stand(page).waitFor();
    await become(page, members[0]);
    assert.deepEqual(await ballots(page), stood, 'ballots on what is unchanged stand');
    // While a ballot is typed, half of it is refused.
    assert.deepEqual(troubles.filter((trouble) => !/409/.test(trouble)), []);
  } finally {
    await context.close();
  }
});

// A newcomer sets up ways in, signs in by password and code, loses the phone and comes back by a code on paper, or by a link by mail. On a
// phone and a desk, light and dark.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { openPage, startChromium } from './house/browser.mjs';
import { startCoop } from './house/co_op.mjs';
import { accessibility, headings, sidewaysScroll, smallTargets } from './house/looks.mjs';
import { target } from './house/server.mjs';
import { startSink } from './house/sink.mjs';
import { words } from './words.mjs';

const LOOKS = [
  { name: 'phone', viewport: { width: 320, height: 700 }, colorScheme: 'light' },
  { name: 'desk-dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
];
const PASSWORD = 'toads cross the lane at dusk';
const pictures = join(target, 'screenshots', 'ways');

let coop;
let browser;
let mail;

before(async () => {
  mail = await startSink();
  // Links in letters begin with this address; the tests open their paths at the server's own.
  const door = ['--mail', `smtp://127.0.0.1:${mail.port}`, '--mail-from', 'club@example.org', '--address', 'https://coop.example'];
  coop = await startCoop({ template: 'club', name: 'Our club', door });
  browser = await startChromium();
  await mkdir(pictures, { recursive: true });
});
after(async () => {
  await browser?.close();
  await coop?.stop();
  mail?.stop();
});

/** The code of a seed in base32 at this step or a step near it (RFC 6238). */
function code(seed, ahead = 0) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...seed].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const mac = createHmac('sha1', key).update(step).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

async function look(page, name) {
  const findings = [...(await accessibility(page)), ...(await sidewaysScroll(page)), ...(await smallTargets(page)), ...(await headings(page))];
  assert.deepEqual(findings, [], `${name}: ${page.url()}`);
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

for (const { name: size, ...settings } of LOOKS) {
  describe(size, () => {
    test('ways in are set up, lost, and found again', { timeout: 120_000 }, async () => {
      const member = `member-${size}`;
      const { page, context, troubles } = await openPage(browser, coop.address, settings);
      const press = async (name) => Promise.all([page.waitForNavigation(), words.press(page, name).click()]);
      const fill = (name, text) => page.getByRole('main').getByLabel(name, { exact: true }).fill(text);
      const signIn = async () => {
        await page.goto('/sign-in');
        await page.locator('#name').fill(member);
        await page.locator('#password').fill(PASSWORD);
        await press(words.ways.signIn);
      };
      await page.goto(await coop.invite(member));
      await press(words.ways.comeIn);
      await look(page, `${size}-me`);
      await page.goto('/me/ways');
      await look(page, `${size}-none`);
      await page.goto('/me/ways/password');
      await look(page, `${size}-password`);
      await fill(words.ways.newPassword, PASSWORD);
      await fill(words.ways.again, PASSWORD);
      await press(words.ways.setIt);
      await page.goto('/me/ways/totp');
      await look(page, `${size}-totp`);
      const seed = await page.locator('input[name=seed]').inputValue();
      assert.match(seed, /^[A-Z2-7]{32}$/);
      // The code of the last step, so that this step's is still there for signing in.
      await fill(words.ways.programCode, code(seed, -1));
      await press(words.ways.setIt);
      await press(words.ways.makeCodes);
      await look(page, `${size}-codes`);
      const codes = (await page.locator('pre code').textContent()).trim().split('\n');
      assert.equal(codes.length, 10);
      await page.getByRole('banner').getByRole('button', { name: words.ways.signOut }).click();

      await page.goto('/sign-in');
      await look(page, `${size}-sign-in`);
      await signIn();
      await look(page, `${size}-code`);
      await fill(words.ways.code, code(seed));
      await press(words.ways.signIn);
      await page.waitForURL(/\/me\?done=signed-in/);

      // Another browser in which only paper is at hand.
      const lost = await openPage(browser, coop.address, settings);
      await lost.page.goto('/sign-in');
      await lost.page.locator('#of').fill(member);
      await lost.page.locator('#code').fill(codes[0]);
      await words.press(lost.page, words.ways.useCode).click();
      await lost.page.waitForURL(/\/me\?done=signed-in/);
      await lost.page.goto('/prove?then=/me/ways');
      await look(lost.page, `${size}-prove`);
      assert.deepEqual(lost.troubles, []);
      await lost.context.close();

      await page.goto('/me/ways');
      await look(page, `${size}-told`);
      await press(words.ways.seen);
      await press(words.ways.everywhere);
      await look(page, `${size}-ways`);
      assert.deepEqual(troubles, []);
      await context.close();
    });

    test('a link by mail lets its member in', { timeout: 120_000 }, async () => {
      const member = `mail-${size}`;
      const to = `${member}@example.org`;
      const link = async (words) => (await mail.next(to, new RegExp(`${words}[^]*https://coop\\.example(/mail/[0-9a-f]{32})`)))[1];
      const { page, context, troubles } = await openPage(browser, coop.address, settings);
      const press = async (name) => Promise.all([page.waitForNavigation(), words.press(page, name).click()]);
      await page.goto(await coop.invite(member));
      await press(words.ways.comeIn);
      await page.goto('/me/ways/address');
      await look(page, `${size}-address`);
      await page.locator('#address').fill(to);
      await press(words.ways.sendLink);
      await look(page, `${size}-asked`);
      await page.goto(await link('wants links'));
      await look(page, `${size}-adds`);
      await press(words.ways.addIt);
      await page.waitForURL(/way-added/);
      await page.getByRole('banner').getByRole('button', { name: words.ways.signOut }).click();
      await page.goto('/sign-in');
      await look(page, `${size}-sign-in-mail`);
      await page.locator('#address').fill(to);
      await press(words.ways.sendMeLink);
      const digits = (await page.locator('pre code').textContent()).trim();
      const path = await link('asked to sign in');
      // On another device: as whom, and the digits that this one shows.
      const other = await openPage(browser, coop.address, settings);
      await other.page.goto(path);
      await look(other.page, `${size}-digits`);
      await other.page.locator('#digits').fill(digits);
      await words.press(other.page, words.ways.comeInByMail).click();
      await other.page.waitForURL(/\/me\?done=signed-in/);
      assert.deepEqual(other.troubles, []);
      await other.context.close();
      assert.deepEqual(troubles, []);
      await context.close();
    });
  });
}

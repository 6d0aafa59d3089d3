// A member adds a passkey, signs out, signs in by it, and removes it, with Chromium's virtual authenticator. Where there are none the page
// says where to go.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { openPage, startChromium } from './house/browser.mjs';
import { emptyFolder } from './house/first_run.mjs';
import * as looks from './house/looks.mjs';
import { words } from './words.mjs';

const SIZES = [{ width: 320, height: 700 }, { width: 1280, height: 900 }];
const COLOURS = ['light', 'dark'];

let browser;
before(async () => (browser = await startChromium()), { timeout: 60_000 });
after(() => browser?.close());

async function press(page, button) {
  await Promise.all([page.waitForEvent('load'), button.press('Enter')]);
}

/** An authenticator that verifies its holder at once; `remove` takes it away. */
async function authenticator(cdp, transport) {
  const options = {
    protocol: 'ctap2', transport, hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options });
  return {
    unverified: () => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false }),
    remove: () => cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId }),
  };
}

async function foundHere(page, founding) {
  await page.goto(founding);
  await words.startFrom(page, 'worker').check();
  await press(page, words.toQuestions(page));
  await words.coopName(page).fill('Toad Lane');
  await words.coopCurrency(page).fill('eur');
  await words.coopZone(page).fill('Europe/Vienna');
  await press(page, words.toRules(page));
  await words.founder(page).fill('member-001');
  await press(page, words.foundIt(page));
}

async function add(page, name) {
  await page.goto('/me/ways/passkey');
  await words.passkeyName(page).fill(name);
  await words.addPasskey(page).press('Enter');
}

async function lookAtAll(page, path) {
  for (const viewport of SIZES) {
    for (const colorScheme of COLOURS) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.goto(path);
      const where = `${path} ${viewport.width} ${colorScheme}`;
      assert.deepEqual(await looks.sidewaysScroll(page), [], where);
      assert.deepEqual(await looks.smallTargets(page), [], where);
      assert.deepEqual(await looks.headings(page), [], where);
      assert.deepEqual(await looks.accessibility(page), [], where);
      if (process.env.ROCHDALE_PICTURES) {
        const file = `${process.env.ROCHDALE_PICTURES}/${path.replaceAll('/', '_')}-${viewport.width}-${colorScheme}.png`;
        await page.screenshot({ path: file, fullPage: true });
      }
    }
  }
}

describe('passkeys', () => {
  test('are added, signed in by, and removed', { timeout: 180_000 }, async () => {
    const house = await emptyFolder();
    try {
      const { address, founding } = await house.found();
      const local = address.replace('127.0.0.1', 'localhost');
      const { page, context, troubles } = await openPage(browser, local, { viewport: SIZES[1] });
      await foundHere(page, founding.replace('127.0.0.1', 'localhost'));
      const cdp = await context.newCDPSession(page);
      await cdp.send('WebAuthn.enable');
      const phone = await authenticator(cdp, 'internal');
      await lookAtAll(page, '/me/ways/passkey');
      await add(page, 'my phone');
      await page.waitForURL('**/me/ways?done=*');
      await words.ownWay(page, 'Passkey: my phone').waitFor();
      // The same device is not added twice, and the page says so in place.
      await add(page, 'again');
      await words.said(page, 'This device has a passkey of yours already.').waitFor();
      await lookAtAll(page, '/me/ways');

      await press(page, words.signOut(page));
      await lookAtAll(page, '/sign-in');
      await words.signInByPasskey(page).press('Enter');
      await page.waitForURL('**/me?done=*');
      await words.whoIAm(page, 'member-001').waitFor();
      assert.deepEqual(troubles, []);

      // A second device, and the first one is removed.
      await phone.remove();
      const key = await authenticator(cdp, 'usb');
      await add(page, 'a key');
      await page.waitForURL('**/me/ways?done=*');
      await press(page, words.removeWay(page, 'Passkey: my phone'));
      await words.ownWay(page, 'Passkey: a key').waitFor();
      assert.equal(await words.ownWay(page, 'Passkey: my phone').count(), 0);
      await press(page, words.signOut(page));
      await page.goto('/sign-in');
      await words.signInByPasskey(page).press('Enter');
      await page.waitForURL('**/me?done=*');

      // Somebody who holds the device and cannot unlock it does not come in.
      await press(page, words.signOut(page));
      await key.unverified();
      await page.goto('/sign-in');
      await words.signInByPasskey(page).press('Enter');
      await words.said(page, 'Nothing was chosen, or it took too long.').waitFor();

      // By the machine's number browsers know none: the page leads to where they do.
      await page.goto(`${address}/sign-in`);
      assert.equal(await words.signInByPasskey(page).count(), 0);
      await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name: local }).click()]);
      assert.equal(new URL(page.url()).hostname, 'localhost');
      await context.close();
    } finally {
      await house.remove();
    }
  });

  test('without scripts the form says that it needs them', { timeout: 60_000 }, async () => {
    const house = await emptyFolder();
    try {
      const { address, founding } = await house.found();
      const local = address.replace('127.0.0.1', 'localhost');
      const { page, context } = await openPage(browser, local, { viewport: SIZES[0], javaScriptEnabled: false });
      await foundHere(page, founding.replace('127.0.0.1', 'localhost'));
      await page.goto('/me/ways/passkey');
      await press(page, words.addPasskey(page));
      await page.getByRole('alert').filter({ hasText: 'Passkeys need scripts' }).waitFor();
      await context.close();
    } finally {
      await house.remove();
    }
  });
});

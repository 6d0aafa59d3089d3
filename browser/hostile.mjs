// Names, titles, labels, addresses and documents that would do something if a page let them. The content security policy is
// switched off: escaping alone has to hold.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { startChromium } from './house/browser.mjs';
import { startCoop } from './house/co_op.mjs';
import { ADDRESSES, TEXTS } from './payloads.mjs';

let coop;
let browser;
let context;
let page;
const caught = [];

const DAY_MS = 86_400_000;
const day = (ago) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
const cell = (text) => `"${text.replaceAll('"', '""')}"`;

/** A name is at most 200 characters without line ends; the number makes each its own. */
const names = TEXTS.map((text, index) => `${index} ${text}`);

function records() {
  const members = names.map((name, index) => `${cell(name)},person,${day(400)},m${index}@example.org`);
  const support = names.flatMap((name, index) => {
    const given = (kind, ago) => `m${index}@example.org,${kind},${index + 1}.00,USD,${day(ago)},${cell(`${kind} ${ago} ${name}`)}`;
    return [given('donation', 62), given('donation', 31), given('pledge', 30), given('pledge', 1)];
  });
  const issues = [...TEXTS, ...ADDRESSES].map((text, index) => ({
    number: index + 1,
    title: text,
    state: 'open',
    created_at: `${day(300)}T00:00:00Z`,
    labels: [{ name: text.slice(0, 100) }],
    html_url: ADDRESSES[index % ADDRESSES.length],
  }));
  return {
    'members-csv': `name,kind,joined,email\n${members.join('\n')}\n`,
    'support-csv': `member,kind,amount,unit,given_at,source\n${support.join('\n')}\n`,
    'github-issues': JSON.stringify(issues),
  };
}

before(
  async () => {
    coop = await startCoop({ template: 'open-source', name: TEXTS[4].replaceAll('"', ''), records: records() });
    browser = await startChromium();
    context = await browser.newContext({ baseURL: coop.address, bypassCSP: true });
    await context.exposeFunction('caught', () => caught.push('a text was run'));
    await context.route(
      (url) => url.origin !== coop.address,
      (route) => {
        caught.push(`asked for ${route.request().url()}`);
        return route.abort();
      },
    );
    page = await context.newPage();
    page.on('dialog', (dialog) => {
      caught.push(`dialog ${dialog.message()}`);
      return dialog.dismiss();
    });
    await walkIn();
    await propose();
    await proposeRules();
  },
  { timeout: 120_000 },
);

after(async () => {
  await browser?.close();
  await coop?.stop();
});

async function walkIn() {
  await page.goto('/walk-in');
  await page.getByRole('main').getByRole('button', { name: /weight/ }).first().press('Enter');
  await page.waitForURL(/done=walk-in/);
}

/** Documents with every text, as a member types them. */
async function propose() {
  await page.goto('/decisions/code-of-conduct');
  for (let at = 0; at < TEXTS.length; at += 4) {
    const some = TEXTS.slice(at, at + 4);
    const text = `# ${some[0]}\n\n${some[1]}\n\n- ${some[2]}\n\n\`\`\`\n${some[3] ?? ''}\n\`\`\`\n${some.join('\n')}\n`;
    const status = await post('/decisions/code-of-conduct/documents', { text });
    assert.equal(status, 200, `the document with ${some[0]} is taken`);
  }
}

/** Rules with every text in their prose, for the place of those in force, and a fork that begins with them. */
async function proposeRules() {
  const rules = await page.evaluate(async () => (await fetch('/api/v1/rules')).json());
  const prose = TEXTS.map((text) => `- ${text}\n`).join('');
  const [kernel, constitution] = rules.documents.map(({ text }) => `# ${TEXTS[0]}\n\n${text}\n${prose}`);
  for (const [decision, text] of Object.entries({ kernel, constitution })) {
    assert.equal(await post('/constitution/propose', { decision, text }), 200, `the ${decision} is taken`);
  }
  assert.equal(await post('/fork/announce', { fork: 'blue', kernel, constitution }), 200, 'the fork is taken');
}

/** Sends a form as the page's own would and follows where it leads. */
async function post(path, fields) {
  return page.evaluate(
    async ([path, fields]) => (await fetch(path, { method: 'POST', body: new URLSearchParams(fields) })).status,
    [path, fields],
  );
}

/** Touches whatever could be set off, and lists what must not be on the page. */
async function touch() {
  return page.evaluate(async (own) => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
    const found = [];
    for (const element of document.querySelectorAll('*')) {
      for (const attribute of element.attributes) {
        if (/^on|^hx-on|^srcdoc$/i.test(attribute.name)) found.push(`${element.tagName} ${attribute.name}`);
        const leads = /^(href|src|action|formaction|xlink:href|data)$/i.test(attribute.name);
        if (leads && !/^(\/(?!\/)|#|https:\/\/)/.test(attribute.value)) found.push(`${element.tagName} ${attribute.name}=${attribute.value}`);
      }
      for (const kind of ['mouseover', 'focus', 'error', 'load', 'toggle']) element.dispatchEvent(new Event(kind));
    }
    for (const forbidden of document.querySelectorAll('iframe, object, embed, base, style, marquee, math, video, audio, img, meta[http-equiv]')) {
      found.push(String(forbidden.outerHTML).slice(0, 80));
    }
    for (const script of document.querySelectorAll('script')) if (!String(script.src).startsWith(`${own}/static/`)) found.push(String(script.outerHTML).slice(0, 80));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return found;
  }, coop.address);
}

async function isQuiet(path) {
  await page.goto(path, { waitUntil: 'load' });
  assert.deepEqual(await touch(), [], path);
  assert.deepEqual(caught, [], path);
}

/** Every address of a list, page after page. */
async function linksOf(path, pattern) {
  const found = new Set();
  for (let next = path; next; ) {
    await isQuiet(next);
    const links = await page.locator('main a').evaluateAll((all) => all.map((link) => [link.textContent, link.getAttribute('href')]));
    for (const [, href] of links) if (pattern.test(href)) found.add(href);
    next = links.find(([words]) => /^(Lighter|Older|More of)/.test(words))?.[1];
  }
  return [...found];
}

describe('hostile texts stay letters', () => {
  test('on every page', { timeout: 240_000 }, async () => {
    for (const path of ['/', '/me', '/decisions', '/decisions/maintainer', '/issues', '/money', '/api', '/walk-in?cursor=24']) await isQuiet(path);
    assert.ok((await page.content()).includes('&lt;'), 'the texts are there');
    const members = await linksOf('/members', /^\/members\/m_/);
    assert.equal(members.length, names.length);
    for (const member of members.slice(0, 12)) await isQuiet(member);
    await linksOf('/log', /^$/);
    const documents = await linksOf('/decisions/code-of-conduct', /\/documents\//);
    assert.ok(documents.length >= 14, `${documents.length} documents`);
    for (const document of documents) await isQuiet(document);
    const rules = await linksOf('/constitution', /\/documents\/|from=/);
    const kernels = await linksOf('/constitution/kernel', /\/kernel\/[0-9a-f]{64}$/);
    const forks = await linksOf('/fork', /^\/fork\/blue\//);
    assert.deepEqual([rules.length, kernels.length, forks.length], [2, 1, 2]);
    for (const path of [...rules, ...kernels, ...forks]) await isQuiet(path);
  });

  test('in what is searched for, asked for and typed', { timeout: 240_000 }, async () => {
    for (const text of TEXTS) {
      const part = encodeURIComponent(text);
      for (const path of [`/members?query=${part}`, `/walk-in?query=${part}`, `/log?cursor=${part}`]) await isQuiet(path);
    }
    for (const text of TEXTS.slice(0, 6)) {
      const part = encodeURIComponent(text);
      for (const path of [`/${part}`, `/decisions/${part}`, `/members/${part}`, `/?done=${part}`]) await isQuiet(path);
    }
  });

  test('in forms that come back as they were typed', { timeout: 240_000 }, async () => {
    for (const text of [...TEXTS.slice(33, 42), ...TEXTS.slice(0, 3)]) {
      for (const [path, fields] of [
        ['/decisions/maintainer/preview', { for_share: text }],
        ['/decisions/maintainer/ballot', { for_share: '1', [`for.${text}`]: '5' }],
        ['/decisions/issues/items/1/preview', { side: 'for', share: text }],
        ['/decisions/issues/items/1/preview', { side: 'for', share: '1' }],
        ['/decisions/maintainer/nominations', { candidate: text, side: 'for', share: '1' }],
        ['/constitution/propose/check', { decision: 'constitution', text }],
        ['/constitution/propose/check', { decision: 'kernel', text: `\`\`\`charter\n${text} {\n}\n\`\`\`` }],
        ['/fork/check', { fork: text, kernel: text, constitution: text }],
        ['/me/shares', { [`share.${text}`]: '1' }],
      ]) {
        await isQuiet('/issues');
        await submit(path, fields);
        assert.deepEqual(await touch(), [], `${path} ${text}`);
        assert.deepEqual(caught, [], `${path} ${text}`);
      }
    }
  });

  // The last one: what it sets off may be caught late.
  test('and a page that did not escape them would be noticed', { timeout: 60_000 }, async () => {
    await page.route('**/members', async (route) => {
      const answer = await route.fetch();
      const bare = (await answer.text()).replaceAll('&#60;', '<').replaceAll('&#62;', '>').replaceAll('&#34;', '"').replaceAll('&#39;', "'");
      await route.fulfill({ response: answer, body: bare });
    });
    await page.goto('/members').catch(() => null);
    assert.ok((await touch()).length > 0, 'what must not be there is seen');
    assert.ok(caught.length > 0, 'what runs is caught');
  });
});

/** Sends a form as a page of its own would, so that the answer is the page. */
async function submit(path, fields) {
  await Promise.all([
    page.waitForURL(`**${path}`),
    page.evaluate(
      ([path, fields]) => {
        const form = Object.assign(document.createElement('form'), { method: 'post', action: path });
        for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement('input'), { name, value }));
        document.body.append(form);
        form.submit();
      },
      [path, fields],
    ),
  ]);
}

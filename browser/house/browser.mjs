// Chromium, and a page that writes down everything a reader should never meet.

import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';

const FLAGS = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** Starts Chromium with a profile of its own, which it deletes at the end. */
export async function startChromium() {
  return chromium.launch({ executablePath: process.env.CHROMIUM || systemChromium(), args: FLAGS });
}

/** Undefined asks playwright for its own. */
function systemChromium() {
  return process.platform === 'linux' && existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined;
}

/**
 * Opens a page whose `troubles` lists console errors, broken policies, failed requests and requests to any other host.
 * `settings` are playwright's for a context: size, colours, scripts on or off, who is walked in.
 */
export async function openPage(browser, address, settings = {}) {
  const context = await browser.newContext({ baseURL: address, ...settings });
  await context.addInitScript(() => {
    window.layoutShift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.layoutShift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const troubles = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`script error: ${error.message}`));
  page.on('requestfailed', (request) => {
    // Going on to the next page aborts what the last one was still loading.
    if (request.failure()?.errorText === 'net::ERR_ABORTED') return;
    troubles.push(`request failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`status ${response.status()}: ${response.url()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.origin !== address) troubles.push(`request to another host: ${request.url()}`);
  });
  return { page, context, troubles };
}

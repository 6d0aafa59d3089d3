// Checks of any page, whatever it shows. Each look returns its findings in words; no finding is good.

import axe from 'axe-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SMALLEST_TARGET = 44;

/** The findings of axe-core against WCAG 2.2 AA and its own best practice. */
export async function accessibility(page) {
  await page.evaluate(axe.source);
  const result = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
  return result.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${violation.help}: ${node.target.join(' ')}`),
  );
}

/** Elements that stick out to the right, where the page scrolls sideways. */
export async function sidewaysScroll(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > width + 0.5);
    return [`the page is ${document.documentElement.scrollWidth} px wide, the window ${width}`].concat(
      wide.slice(0, 5).map((element) => `sticks out: <${element.tagName.toLowerCase()} class="${element.className}">`),
    );
  });
}

/** Controls that a finger would miss. A label counts as part of its field; links within text are left alone. */
export async function smallTargets(page) {
  return page.evaluate((smallest) => {
    const controls = 'button, input:not([type=hidden]), select, textarea, summary, nav a, [role=button], [role=tab]';
    const boxOf = (element) => {
      const label = element.labels?.[0];
      const own = element.getBoundingClientRect();
      if (!label || !label.contains(element)) return own;
      const around = label.getBoundingClientRect();
      return { width: Math.max(own.width, around.width), height: Math.max(own.height, around.height) };
    };
    const hidden = (element) => {
      const style = getComputedStyle(element);
      const own = element.getBoundingClientRect();
      return !element.checkVisibility() || style.visibility === 'hidden' || own.width <= 1 || own.height <= 1 || own.right <= 0 || own.bottom <= 0;
    };
    return [...document.querySelectorAll(controls)]
      .filter((element) => !hidden(element))
      .map((element) => ({ element, box: boxOf(element) }))
      .filter(({ box }) => box.width < smallest - 0.5 || box.height < smallest - 0.5)
      .map(({ element, box }) => {
        const name = element.getAttribute('aria-label') ?? element.name ?? element.textContent.trim();
        return `<${element.tagName.toLowerCase()}> "${(name || element.textContent).trim().slice(0, 40)}" is ${Math.round(box.width)} × ${Math.round(box.height)} px`;
      });
  }, SMALLEST_TARGET);
}

/** Headings out of order: one first-level heading, and no level skipped on the way down. */
export async function headings(page) {
  const levels = await page.locator('h1, h2, h3, h4, h5, h6').evaluateAll((all) => all.map((heading) => [Number(heading.tagName[1]), heading.textContent.trim()]));
  const found = [];
  if (levels.filter(([level]) => level === 1).length !== 1) found.push(`there are ${levels.filter(([level]) => level === 1).length} first-level headings`);
  levels.forEach(([level, text], at) => {
    const before = at === 0 ? 0 : levels[at - 1][0];
    if (level > before + 1) found.push(`"${text}" is of level ${level} below level ${before}`);
  });
  return found;
}

/** The layout shift while the page loaded. */
export async function layoutShift(page) {
  // Two frames later, whatever has shifted so far has been reported.
  const shift = await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(window.layoutShift)))),
  );
  return shift > 0.01 ? [`the layout shifted by ${shift.toFixed(3)}`] : [];
}

/** The focused element, where nothing shows that it is focused. */
export async function invisibleFocus(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
    if (outlined || style.boxShadow !== 'none') return [];
    return [`<${element.tagName.toLowerCase()}> "${element.textContent.trim().slice(0, 40)}" shows no focus`];
  });
}

/** Its width, targets and headings, and anything that axe-core finds. */
export async function inOrder(page) {
  const found = [];
  for (const look of [sidewaysScroll, smallTargets, headings, accessibility]) found.push(...(await look(page)));
  return found;
}

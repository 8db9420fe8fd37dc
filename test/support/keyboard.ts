import type { Locator, Page } from 'playwright-core';

/** The page as someone without a mouse uses it. */

const maxPresses = 120;

/** Presses Tab until the element has the focus. @throws Error when it is not reached */
export const tabTo = async (page: Page, element: Locator): Promise<void> => {
  await element.waitFor();
  const focused = element.and(page.locator(':focus'));
  for (let pressed = 0; pressed < maxPresses; pressed += 1) {
    if ((await focused.count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${String(element)}`);
};

/** Reaches a field and types into it. */
export const typeInto = async (page: Page, field: Locator, text: string): Promise<void> => {
  await tabTo(page, field);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
};

export const pressEnterOn = async (page: Page, element: Locator): Promise<void> => {
  await tabTo(page, element);
  await page.keyboard.press('Enter');
};

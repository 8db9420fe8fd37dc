/** The language of numbers and dates: that of the texts, so that a page reads as one. */
export const pageLocale = 'en-GB';

const isValid = (tag: string): boolean => {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
};

/** Gives the browser a valid language where its own is no language tag: `en-US@posix` on a system
 * with the locale POSIX. Libraries hand `navigator.language` to `Intl`, which throws for it. */
export const repairBrowserLanguage = (): void => {
  if (isValid(navigator.language)) return;
  const valid = navigator.languages.filter(isValid);
  const languages = Object.freeze(valid.length > 0 ? valid : [pageLocale]);
  Object.defineProperty(navigator, 'languages', { configurable: true, get: () => languages });
  Object.defineProperty(navigator, 'language', { configurable: true, get: () => languages[0] });
};

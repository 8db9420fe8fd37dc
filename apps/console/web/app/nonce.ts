/** The nonce of this answer: the policy allows no style element without it. Browsers hide the
 * attribute's text, not the property. */
export const pageNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

import { createTheme, type CSSVariablesResolver } from '@mantine/core';

export const theme = createTheme({
  colors: {
    // The greys of the dark scheme, from text to ground, in our tones.
    dark: [
      '#e4e8ee',
      '#c9d1db',
      '#a3adba',
      '#8a95a3',
      '#3d4653',
      '#2f3742',
      '#212934',
      '#1a2028',
      '#12161c',
      '#0d1116',
    ],
  },
  primaryColor: 'indigo',
  // White on shade 8 has a contrast of 6: enough for small text in both schemes.
  primaryShade: 8,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: 'var(--carom-mono)',
  // The list itself scrolls: Mantine's own area around it cannot be reached by keyboard.
  components: Object.fromEntries(
    ['Select', 'MultiSelect'].map((name) => [
      name,
      { defaultProps: { withScrollArea: false, classNames: { options: 'scrolled-options' } } },
    ]),
  ),
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.5rem', lineHeight: '1.25' }, h2: { fontSize: '1.1rem' } },
  },
});

/** Both schemes set these themselves, so both are overridden. */
const texts = {
  '--mantine-color-dimmed': 'var(--carom-dim)',
  '--mantine-color-placeholder': 'var(--carom-dim)',
  '--mantine-color-error': 'var(--carom-bad)',
  '--mantine-color-text': 'var(--carom-text)',
  '--mantine-color-anchor': 'var(--carom-accent)',
  '--mantine-color-default-border': 'var(--carom-line)',
};

/** Mantine's dimmed, placeholder and error texts are too pale for WCAG AA: ours replace them. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-body': '#ffffff', ...texts },
  dark: {
    '--mantine-color-body': '#1a2028',
    '--mantine-color-default': '#212934',
    '--mantine-color-default-hover': '#2a3340',
    ...texts,
  },
});

import { createVuetify, type ThemeDefinition } from 'vuetify';
import { aliases, mdi } from 'vuetify/iconsets/mdi-svg';
import { themes, type ThemeName, type Tokens } from './tokens';

function definition(name: ThemeName, tokens: Tokens): ThemeDefinition {
  return {
    dark: name === 'dark',
    colors: {
      background: tokens.page,
      surface: tokens.panel,
      'surface-variant': tokens.lineStrong,
      'on-surface': tokens.text,
      'on-background': tokens.text,
      'on-surface-variant': tokens.text,
      primary: tokens.accent,
      'on-primary': tokens.onAccent,
      secondary: tokens.muted,
      error: tokens.danger,
      'on-error': tokens.onDanger,
      success: tokens.yes,
      warning: tokens.warning,
    },
    variables: {
      'high-emphasis-opacity': 1,
      'medium-emphasis-opacity': 0.86,
      'disabled-opacity': 0.5,
      'border-opacity': 0.16,
    },
  };
}

/** Vuetify gives the behaviour of fields, menus and dialogs; the look comes from the tokens. */
export const vuetify = createVuetify({
  theme: {
    defaultTheme: 'dark',
    themes: { dark: definition('dark', themes.dark), light: definition('light', themes.light) },
  },
  icons: { defaultSet: 'mdi', aliases, sets: { mdi } },
  defaults: {
    VBtn: { variant: 'flat', density: 'comfortable', rounded: 'md', ripple: false },
    VTextField: { variant: 'outlined', density: 'compact', color: 'primary', hideDetails: 'auto' },
    VSelect: { variant: 'outlined', density: 'compact', color: 'primary', hideDetails: 'auto' },
    VAutocomplete: { variant: 'outlined', density: 'compact', color: 'primary', hideDetails: 'auto' },
    VTextarea: { variant: 'outlined', density: 'compact', color: 'primary', hideDetails: 'auto' },
  },
});

import type { es } from '../texts/es.ts';

declare global {
  /** From package.json, put in by the build. */
  const __VERSION__: string;

  interface Window {
    /** Offered by Electron's preload script alone. */
    mostrador?: { operatorToken(): Promise<string>; canAutostart(): Promise<boolean>; showDisplay(): Promise<void> };
    /** Where the library that locks scrolling looks for the nonce of its style tag. */
    __webpack_nonce__?: string;
  }
}

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof es };
  }
}

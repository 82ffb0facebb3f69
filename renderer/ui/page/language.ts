import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Lang } from '../../../protocol/primitives.ts';
import { en } from '../texts/en.ts';
import { es } from '../texts/es.ts';

/** Who reads a page: what a visitor chooses on the screen for visitors is not what the desk reads. */
export type Reader = 'desk' | 'visitor';

/** Where the browser keeps which language was chosen, and which one of the desk's was followed last. */
export function languageKeys(reader: Reader): { chosen: string; followed: string } {
  return { chosen: `mostrador.${reader}.lang`, followed: `mostrador.${reader}.followed-lang` };
}

/** Starts in the language chosen on this machine, else in the desk's. */
export async function startLanguage(desks: Lang, reader: Reader, document: Document, storage: Storage): Promise<i18n> {
  const key = languageKeys(reader).chosen;
  const chosen = storage.getItem(key);
  const lang: Lang = chosen === 'es' || chosen === 'en' ? chosen : desks;
  document.documentElement.lang = lang;
  await i18next.use(initReactI18next).init({
    lng: lang,
    fallbackLng: 'es',
    resources: { es: { translation: es }, en: { translation: en } },
    // React escapes what it draws.
    interpolation: { escapeValue: false },
  });
  i18next.on('languageChanged', next => {
    document.documentElement.lang = next;
    storage.setItem(key, next);
  });
  return i18next;
}

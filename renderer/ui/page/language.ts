import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from '../texts/en.ts';
import { es } from '../texts/es.ts';

export type Lang = 'es' | 'en';
const key = 'mostrador.lang';

export function otherLanguage(lang: string): Lang {
  return lang === 'es' ? 'en' : 'es';
}

/** Starts in the language chosen on this machine, else in the desk's. */
export async function startLanguage(desks: Lang, document: Document, storage: Storage): Promise<i18n> {
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

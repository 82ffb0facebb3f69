import { useMantineColorScheme } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { PageFacts } from '../../protocol/page-facts.ts';
import type { Settings } from '../../protocol/settings.ts';

const keys = { theme: 'mostrador.desk-theme', lang: 'mostrador.desk-lang' };

/**
 * The page follows the desk's name, language and colours as they change. This machine's own choice, made by the buttons at
 * the top, stands until the desk's changes: so what was last followed is kept.
 */
export function useDeskSettings(settings: Settings | null, facts: PageFacts): void {
  const { i18n } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const { desk_name: name, theme, lang } = settings ?? {};

  const { language } = i18n;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page writes its first title again with each language
  useEffect(() => {
    if (name !== undefined) document.title = name;
  }, [name, language]);
  useEffect(() => {
    if (theme === undefined || theme === (localStorage.getItem(keys.theme) ?? 'system')) return;
    localStorage.setItem(keys.theme, theme);
    setColorScheme(theme === 'system' ? 'auto' : theme);
  }, [theme, setColorScheme]);
  useEffect(() => {
    if (lang === undefined || lang === (localStorage.getItem(keys.lang) ?? facts.lang)) return;
    localStorage.setItem(keys.lang, lang);
    void i18n.changeLanguage(lang);
  }, [lang, facts.lang, i18n]);
}

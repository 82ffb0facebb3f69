import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { PageFacts } from '../../../protocol/page-facts.ts';
import type { DeskLook } from '../../../protocol/settings.ts';
import { useTexts } from '../texts/use-texts.tsx';
import { languageKeys, type Reader } from './language.ts';

const themeKey = 'mostrador.desk-theme';

/**
 * The page follows the desk's name, language and colours as they change. This machine's own choice, made by the buttons at
 * the top, stands until the desk's changes: so what was last followed is kept. It is read once, because another page of this
 * browser that follows the same change writes there too.
 */
export function useDeskSettings(
  settings: DeskLook | null,
  facts: PageFacts,
  reader: Reader,
  titleOf: (desk: string) => string,
  unseen: number,
): void {
  const { i18n } = useTexts();
  const { setColorScheme } = useMantineColorScheme();
  const { desk_name: name, theme, lang } = settings ?? {};
  const langKey = languageKeys(reader).followed;
  const [followed] = useState(() => ({
    theme: localStorage.getItem(themeKey) ?? 'system',
    lang: localStorage.getItem(langKey) ?? facts.lang,
  }));

  const { language } = i18n;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page writes its first title again with each language
  useEffect(() => {
    const title = titleOf(name ?? facts.desk);
    document.title = unseen > 0 ? `(${unseen}) ${title}` : title;
    // The sign-in counts nothing.
    return () => {
      document.title = title;
    };
  }, [name, facts.desk, language, titleOf, unseen]);
  useEffect(() => {
    if (theme === undefined || theme === followed.theme) return;
    followed.theme = theme;
    localStorage.setItem(themeKey, theme);
    setColorScheme(theme === 'system' ? 'auto' : theme);
  }, [theme, followed, setColorScheme]);
  useEffect(() => {
    if (lang === undefined || lang === followed.lang) return;
    followed.lang = lang;
    localStorage.setItem(langKey, lang);
    void i18n.changeLanguage(lang);
  }, [lang, followed, langKey, i18n]);
}

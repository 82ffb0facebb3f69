import { useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSun, IconSunMoon } from '@tabler/icons-react';
import { HeaderTool } from './header-tool.tsx';
import { LanguageButton } from './language-button.tsx';
import { useTexts } from './texts/use-texts.tsx';

const themes = {
  auto: { icon: IconSunMoon, name: 'app.themeAuto', next: 'light' },
  light: { icon: IconSun, name: 'app.themeLight', next: 'dark' },
  dark: { icon: IconMoon, name: 'app.themeDark', next: 'auto' },
} as const;

/** How a page is seen: in which language, light or dark. */
export function ViewTools() {
  const { t } = useTexts();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { icon, name, next } = themes[colorScheme];
  return (
    <>
      <LanguageButton />
      <HeaderTool
        label={t('app.theme', { mode: t(name) })}
        icon={icon}
        testId="theme"
        onClick={() => setColorScheme(next)}
      />
    </>
  );
}

import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconLanguage, IconMoon, IconSun, IconSunMoon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

export type Theme = 'auto' | 'light' | 'dark';

const themes = {
  auto: { icon: IconSunMoon, name: 'app.themeAuto', next: 'light' },
  light: { icon: IconSun, name: 'app.themeLight', next: 'dark' },
  dark: { icon: IconMoon, name: 'app.themeDark', next: 'auto' },
} as const;

interface Props {
  theme: Theme;
  onTheme: (theme: Theme) => void;
  onLanguage: () => void;
}

/** How a page is seen: in which language, light or dark. */
export function ViewTools({ theme, onTheme, onLanguage }: Props) {
  const { t, i18n } = useTranslation();
  const { icon: Picture, name, next } = themes[theme];
  const themeLabel = t('app.theme', { mode: t(name) });
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        leftSection={<IconLanguage size={20} aria-hidden />}
        onClick={onLanguage}
        lang={i18n.language === 'es' ? 'en' : 'es'}
      >
        {t('app.otherLanguage')}
      </Button>
      <Tooltip label={themeLabel}>
        <ActionIcon variant="subtle" color="gray" aria-label={themeLabel} onClick={() => onTheme(next)}>
          <Picture size={22} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

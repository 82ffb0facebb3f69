import { Button } from '@mantine/core';
import { IconLanguage } from '@tabler/icons-react';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  /** For a screen that is read from afar. */
  large?: boolean;
  className?: string | undefined;
}

/** Turns the page to the other language, in whose own words it says so. */
export function LanguageButton({ large = false, className }: Props) {
  const { t, i18n } = useTexts();
  const other = i18n.language === 'es' ? 'en' : 'es';
  return (
    <Button
      {...(large ? { variant: 'default' } : { variant: 'subtle', color: 'gray' })}
      className={className ?? ''}
      leftSection={<IconLanguage size={large ? 26 : 20} aria-hidden />}
      lang={other}
      onClick={() => void i18n.changeLanguage(other)}
    >
      {t('app.otherLanguage')}
    </Button>
  );
}

import { Loader } from '@mantine/core';
import { IconHeartHandshake, IconMoodSmile, IconRouterOff, IconWifiOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { LanguageButton } from './language-button.tsx';
import { useTexts } from './texts/use-texts.tsx';
import styles from './visitor-screen.module.css';

interface Props {
  desk: string;
  children: ReactNode;
}

/** The frame of the visitor's screen: whose desk it is, and the other language. */
export function VisitorScreen({ desk, children }: Props) {
  return (
    <div className={styles.screen}>
      <header className={styles.header}>
        <h1 className={styles.desk}>{desk}</h1>
        <LanguageButton large className={styles.language} />
      </header>
      <main className={styles.main} data-testid="visitor">
        {children}
      </main>
    </div>
  );
}

const pictures = {
  welcome: IconMoodSmile,
  thanks: IconHeartHandshake,
  offline: IconWifiOff,
  noNetwork: IconRouterOff,
  loading: null,
} as const;

/** When there is nothing to scan: a welcome, thanks, or why nothing shows. */
export function VisitorWords({ kind }: { kind: keyof typeof pictures }) {
  const { t } = useTexts();
  const Picture = pictures[kind];
  return (
    <div className={styles.words} data-testid="visitor-words" data-kind={kind} role="status">
      <span className={styles.picture}>
        {Picture ? <Picture size={96} stroke={1.3} aria-hidden /> : <Loader size={72} />}
      </span>
      <h2 className={styles.title}>{t(`display.${kind}`)}</h2>
      <p className={styles.lead}>{t(`display.${kind}Lead`)}</p>
    </div>
  );
}

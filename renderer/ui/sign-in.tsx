import { Alert, Button, Code, PasswordInput } from '@mantine/core';
import { IconKey, IconLock, IconShieldX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { isTokenRefusal } from '../client/refused-token.ts';
import { LanguageButton } from './language-button.tsx';
import styles from './sign-in.module.css';
import { useTexts } from './texts/use-texts.tsx';

/** What the sign-in says of the page behind it. */
export type SignInTexts = 'signIn' | 'dashboard.signIn';

interface Props {
  texts?: SignInTexts;
  desk: string;
  /** What the server said about the last token; `null` where none was tried. */
  refusal: string | null;
  onToken: (token: string) => void;
  /** Where the app around the page gives the token: has it asked again. */
  onAskAgain: (() => void) | null;
}

/** For a browser that came without a token, or with one that is refused: then it says what happened, and what to do. */
export function SignIn({ texts = 'signIn', desk, refusal, onToken, onAskAgain }: Props) {
  const { t } = useTexts();
  const [token, setToken] = useState('');
  const [empty, setEmpty] = useState(false);
  const isAgain = refusal !== null && texts === 'signIn';
  const Picture = refusal === null ? IconLock : IconShieldX;
  const enter = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim()) onToken(token.trim());
    else setEmpty(true);
  };
  return (
    <main className={styles.page}>
      <div className={styles.card} data-testid="sign-in" data-refused={refusal ?? undefined}>
        <div className={styles.top}>
          <Picture size={40} stroke={1.5} aria-hidden className={styles.lock} />
          <LanguageButton />
        </div>
        <div>
          <p className={styles.desk}>{desk}</p>
          <h1 className={styles.title}>{t(isAgain ? 'signIn.again.title' : `${texts}.title`)}</h1>
          <p className={styles.lead}>{t(isAgain ? 'signIn.again.lead' : `${texts}.lead`)}</p>
        </div>
        {refusal !== null && (
          <Alert color="red" variant="light" icon={<IconShieldX aria-hidden />} role="alert">
            {isTokenRefusal(refusal) ? t(`signIn.why.${refusal}`) : t('signIn.refused', { reason: refusal })}
          </Alert>
        )}
        <div className={styles.run}>
          {onAskAgain && (
            <Button size="md" onClick={onAskAgain} data-testid="ask-again">
              {t('signIn.askAgain')}
            </Button>
          )}
          <p>{t(isAgain ? 'signIn.again.stepRun' : 'signIn.stepRun')}</p>
          <Code block>npm run desk</Code>
          <p>{t('signIn.stepOpens')}</p>
        </div>
        <form className={styles.form} onSubmit={enter} noValidate>
          <PasswordInput
            label={t(`${texts}.orPaste`)}
            size="md"
            leftSection={<IconKey size={20} aria-hidden />}
            autoComplete="off"
            data-testid="token-input"
            visibilityToggleButtonProps={{ 'aria-label': t(`${texts}.token`) }}
            value={token}
            error={empty && t('signIn.empty')}
            aria-invalid={empty}
            onChange={event => {
              setToken(event.currentTarget.value);
              setEmpty(false);
            }}
          />
          <Button type="submit" size="md">
            {t('signIn.enter')}
          </Button>
        </form>
      </div>
    </main>
  );
}

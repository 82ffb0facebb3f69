import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import styles from './reject-form.module.css';
import { useTexts } from './texts/use-texts.tsx';

const quick = ['blurred', 'cut', 'glare'] as const;
/** As `line` in protocol/primitives.ts has it. */
const longest = 200;

interface Props {
  /** Whether a phone is there that gets to see the reason. */
  isHeard: boolean;
  onReject: (reason: string) => void;
}

/** Why another photo is needed: one tap for the three usual reasons, or words of one's own. */
export function RejectForm({ isHeard, onReject }: Props) {
  const { t } = useTexts();
  const [reason, setReason] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim()) onReject(reason.trim());
  };
  return (
    <form className={styles.form} onSubmit={send} aria-label={t('review.why')}>
      <p className={styles.why}>{t('review.why')}</p>
      <div className={styles.quick}>
        {quick.map((name, index) => (
          <Button
            key={name}
            variant="default"
            data-testid="reject-reason"
            data-autofocus={index === 0 || undefined}
            onClick={() => onReject(t(`review.${name}`))}
          >
            {t(`review.${name}`)}
          </Button>
        ))}
      </div>
      <TextInput
        label={t('review.other')}
        description={t(isHeard ? 'review.whyHint' : 'review.whyUnheard')}
        data-testid="reject-text"
        value={reason}
        maxLength={longest}
        onChange={event => setReason(event.currentTarget.value)}
      />
      <Button type="submit" disabled={!reason.trim()}>
        {t('review.send')}
      </Button>
    </form>
  );
}

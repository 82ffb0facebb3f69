import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { readIdPersona } from './id-persona.ts';
import styles from './inline-person.module.css';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  label: string;
  initial: string;
  submit: string;
  onSubmit: (idPersona: string) => Promise<void>;
  onCancel: () => void;
}

/** One idPersona, edited where it stands. */
export function InlinePerson({ label, initial, submit, onSubmit, onCancel }: Props) {
  const { t } = useTexts();
  const [typed, setTyped] = useState(initial);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    const read = readIdPersona(typed);
    if (!('idPersona' in read)) {
      setProblem(
        read.problem === 'tooLong' ? t('station.tooLong', { count: read.count }) : t(`station.${read.problem}`),
      );
      return;
    }
    setBusy(true);
    await onSubmit(read.idPersona);
    setBusy(false);
  };

  return (
    <form
      className={styles.form}
      onSubmit={send}
      noValidate
      onKeyDown={event => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onCancel();
      }}
    >
      <TextInput
        label={label}
        value={typed}
        error={problem}
        autoFocus
        autoComplete="off"
        data-takes-code
        onFocus={event => event.currentTarget.select()}
        onChange={event => {
          setTyped(event.currentTarget.value);
          setProblem(null);
        }}
      />
      <div className={styles.actions}>
        <Button type="submit" loading={busy}>
          {submit}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {t('app.cancel')}
        </Button>
      </div>
    </form>
  );
}

import { Button, NativeSelect, TextInput } from '@mantine/core';
import { IconBarcode, IconQrcode } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ShotList } from '../../protocol/settings.ts';
import { readIdPersona } from './id-persona.ts';
import styles from './person-form.module.css';
import { useTexts } from './texts/use-texts.tsx';

/** What a bar code reader has read; each reading is another object. */
export interface Scan {
  text: string;
}

interface Props {
  disabled: boolean;
  scan: Scan | null;
  /** Of which one may be asked for along with the person. */
  shotLists: readonly ShotList[];
  /** A QR is on the screen: low screens have no room for the choice beside it, and nothing has to be typed. */
  isWaiting: boolean;
  /** Answers whether a session was opened (then the field is emptied) or the idPersona has one already. */
  onShow: (idPersona: string, shots: readonly string[], byReader: boolean) => Promise<'opened' | 'exists' | 'failed'>;
  onShowExisting: (idPersona: string) => void;
}

/** Whom the photos will be about: typed, or read by a bar code reader that ends with Enter. */
export function PersonForm({ disabled, scan, shotLists, isWaiting, onShow, onShowExisting }: Props) {
  const { t } = useTexts();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [existing, setExisting] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  // Stays for the next visitor: most of a day's visitors come for the same thing.
  const [listName, setListName] = useState('');
  const list = shotLists.find(({ name }) => name === listName);

  const change = (value: string) => {
    setTyped(value);
    setProblem(null);
    setExisting(null);
  };

  /** Nobody has a hand at the keyboard who could answer a reader's second question. */
  const submit = async (text: string, byReader = false) => {
    if (busy || disabled) return;
    // The second click or Enter of a hand that does everything twice.
    if (isWaiting && text.trim() === '') return input.current?.focus();
    const read = readIdPersona(text);
    if (!('idPersona' in read)) {
      setProblem(
        read.problem === 'tooLong' ? t('station.tooLong', { count: read.count }) : t(`station.${read.problem}`),
      );
      input.current?.focus();
      return;
    }
    setBusy(true);
    const outcome = await onShow(read.idPersona, list?.shots ?? [], byReader);
    setBusy(false);
    if (outcome === 'exists' && !byReader) setExisting(read.idPersona);
    else if (outcome === 'exists') onShowExisting(read.idPersona);
    if (outcome === 'opened' || byReader) change('');
    input.current?.focus();
  };

  const taken = useRef<Scan | null>(null);
  useEffect(() => {
    // What is under way, if only a question about what was typed, ends first.
    if (!scan || taken.current === scan || busy) return;
    taken.current = scan;
    change(scan.text);
    void submit(scan.text, true);
  });

  let message: ReactNode = problem;
  if (existing !== null) message = t('station.already', { idPersona: existing });

  return (
    <form
      className={styles.form}
      onSubmit={event => {
        event.preventDefault();
        void submit(typed);
      }}
      noValidate
    >
      <TextInput
        ref={input}
        id="idPersona"
        data-testid="idpersona-input"
        aria-keyshortcuts="N"
        className={styles.input}
        label={t('station.idPersona')}
        placeholder={t('station.placeholder')}
        leftSection={<IconBarcode size={22} aria-hidden />}
        size="lg"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        autoFocus
        value={typed}
        error={message}
        onChange={event => change(event.currentTarget.value)}
      />
      <Button
        type="submit"
        size="lg"
        className={styles.show}
        data-testid="show-qr"
        leftSection={<IconQrcode size={22} aria-hidden />}
        loading={busy}
        disabled={disabled}
      >
        {t('station.show')}
      </Button>
      {shotLists.length > 0 && (
        <NativeSelect
          className={styles.lists}
          wrapperProps={{ 'data-waiting': isWaiting || undefined }}
          data-testid="shot-list-choice"
          label={t('settings.shotList')}
          size="md"
          data={[{ value: '', label: t('settings.noShotList') }, ...shotLists.map(({ name }) => name)]}
          value={list?.name ?? ''}
          onChange={event => setListName(event.currentTarget.value)}
        />
      )}
      {existing !== null && (
        <Button
          variant="light"
          className={styles.existing}
          data-testid="show-existing"
          onClick={() => {
            onShowExisting(existing);
            change('');
          }}
        >
          {t('station.showExisting')}
        </Button>
      )}
    </form>
  );
}

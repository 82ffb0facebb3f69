import { Button, Checkbox, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { User } from '../../../protocol/user.ts';
import { useTexts } from '../texts/use-texts.tsx';
import styles from './groups.module.css';

/** As `line` in protocol/primitives.ts has it. */
const longest = 200;

interface Props {
  /** Who can be asked in; the one who asks is a member in any case. */
  users: readonly User[];
  /** Answers whether the server took it. */
  onCreate: (title: string, members: readonly string[]) => Promise<boolean>;
}

export function GroupForm({ users, onCreate }: Props) {
  const { t } = useTexts();
  const [title, setTitle] = useState('');
  const [filter, setFilter] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const words = filter.trim().toLocaleLowerCase();
  const shown = users.filter(({ id, name }) => `${name} ${id}`.toLocaleLowerCase().includes(words));
  const create = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    await onCreate(title.trim(), chosen);
    setBusy(false);
  };
  return (
    <form className={styles.form} onSubmit={event => void create(event)} aria-label={t('chat.newGroup')}>
      <TextInput
        label={t('chat.groupTitle')}
        value={title}
        maxLength={longest}
        required
        data-autofocus
        data-testid="group-title"
        onChange={event => setTitle(event.currentTarget.value)}
      />
      <fieldset className={styles.members}>
        <legend>{t('chat.groupMembers')}</legend>
        {users.length > 8 && (
          <TextInput
            aria-label={t('chat.filterMembers')}
            placeholder={t('chat.filterMembers')}
            value={filter}
            onChange={event => setFilter(event.currentTarget.value)}
          />
        )}
        {users.length === 0 && <p>{t('chat.noUsers')}</p>}
        {shown.map(({ id, name }) => (
          <Checkbox
            key={id}
            className={styles.member ?? ''}
            size="md"
            label={name === id ? name : `${name} (${id})`}
            checked={chosen.includes(id)}
            onChange={event => {
              const isIn = event.currentTarget.checked;
              setChosen(all => (isIn ? [...all, id] : all.filter(one => one !== id)));
            }}
          />
        ))}
      </fieldset>
      <Button type="submit" loading={busy} disabled={title.trim() === ''} data-testid="create-group">
        {t('chat.create')}
      </Button>
    </form>
  );
}

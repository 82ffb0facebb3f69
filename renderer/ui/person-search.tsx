import { Combobox, TextInput, useCombobox, VisuallyHidden } from '@mantine/core';
import { IconDeviceMobileCheck, IconSearch, IconUser } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useState } from 'react';
import type { PersonFound } from '../../protocol/people.ts';
import { dayAndTime } from './format.ts';
import styles from './person-search.module.css';
import { photosIn } from './photos-in.ts';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  /** While a QR waits nobody else may be named. */
  masked: boolean;
  disabled: boolean;
  find: (query: string) => Promise<readonly PersonFound[]>;
  onOpen: (idPersona: string) => void;
}

/** So long nothing is asked while somebody types, in milliseconds. */
const pause = 150;

type Answer =
  | { state: 'none' }
  | { state: 'failed' }
  | { state: 'found'; query: string; people: readonly PersonFound[] };

/** Finds any person by a part of the idPersona, however long ago they were here. Enter opens the first. */
export function PersonSearch({ masked, disabled, find, onOpen }: Props) {
  const { t, i18n } = useTexts();
  const combobox = useCombobox();
  const [query, setQuery] = useState('');
  const [answer, setAnswer] = useState<Answer>({ state: 'none' });
  const { dropdownOpened } = combobox;
  const usable = !masked && !disabled;

  useEffect(() => {
    if (!dropdownOpened || !usable) return;
    let isOver = false;
    const timer = setTimeout(async () => {
      const next = await find(query).then<Answer, Answer>(
        people => ({ state: 'found', query, people }),
        () => ({ state: 'failed' }),
      );
      if (!isOver) setAnswer(next);
    }, pause);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [query, dropdownOpened, usable, find]);

  const open = (idPersona: string) => {
    combobox.closeDropdown();
    setQuery('');
    setAnswer({ state: 'none' });
    onOpen(idPersona);
  };

  // A bar code reader is faster than the answer to what it typed.
  const onKeyDown = async (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || combobox.getSelectedOptionIndex() !== -1 || query.trim() === '') return;
    event.preventDefault();
    const people =
      answer.state === 'found' && answer.query === query ? answer.people : await find(query).catch(() => []);
    const exact = people.find(one => one.idPersona.toLowerCase() === query.trim().toLowerCase());
    const first = exact ?? people[0];
    if (first) open(first.idPersona);
    else combobox.openDropdown();
  };

  // Not what is offered before anything is asked for, nor an answer to what has been typed over.
  const isAnswered = dropdownOpened && answer.state === 'found' && answer.query === query && query.trim() !== '';
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={open}
      // In the page itself: a box of its own outside it would belong to no part of the page.
      withinPortal={false}
      position="bottom-end"
      width={360}
      middlewares={{ shift: true, flip: true }}
    >
      <Combobox.Target withExpandedAttribute>
        <TextInput
          className={styles.field}
          type="search"
          role="combobox"
          aria-autocomplete="list"
          aria-label={t('people.search')}
          placeholder={t(masked ? 'people.masked' : 'people.search')}
          leftSection={<IconSearch size={18} aria-hidden />}
          data-testid="person-search"
          data-takes-code
          autoComplete="off"
          maxLength={64}
          disabled={!usable}
          value={query}
          onChange={event => {
            setQuery(event.currentTarget.value);
            combobox.resetSelectedOption();
            combobox.openDropdown();
          }}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={event => void onKeyDown(event)}
        />
      </Combobox.Target>
      {/* Outside of what opens: a region that comes along with its words is not read. */}
      <VisuallyHidden role="status" data-testid="people-found">
        {isAnswered && t('people.found', { count: answer.people.length })}
      </VisuallyHidden>
      <Combobox.Dropdown hidden={answer.state === 'none'}>
        {answer.state === 'found' && answer.query.trim() === '' && <p className={styles.title}>{t('people.recent')}</p>}
        <Combobox.Options className={styles.options} aria-label={t('people.results')}>
          {answer.state === 'failed' && <Combobox.Empty role="alert">{t('people.searchFailed')}</Combobox.Empty>}
          {answer.state === 'found' && answer.people.length === 0 && (
            <Combobox.Empty>{t('people.nobody')}</Combobox.Empty>
          )}
          {answer.state === 'found' &&
            answer.people.map(one => {
              const Picture = one.live ? IconDeviceMobileCheck : IconUser;
              const { received } = one.photos;
              return (
                <Combobox.Option
                  key={one.idPersona}
                  value={one.idPersona}
                  className={styles.option}
                  data-testid="person-found"
                >
                  <Picture size={20} aria-hidden />
                  <span className={styles.who}>
                    <span className={styles.name}>
                      <strong>{one.idPersona}</strong>
                      <time dateTime={one.last_activity}>{dayAndTime(one.last_activity, i18n.language)}</time>
                    </span>
                    <span className={styles.about}>
                      {t('photos.count', { count: photosIn(one) })}
                      {received > 0 && ` · ${t('people.toReview', { count: received })}`}
                      {one.live && ` · ${t('people.live')}`}
                    </span>
                  </span>
                </Combobox.Option>
              );
            })}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

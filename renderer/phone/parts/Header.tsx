/** @jsxImportSource preact */
import type { Session } from '../../../protocol/session.ts';
import { Icon, type IconName } from '../icons.tsx';
import type { Link } from '../visit.ts';
import type { Words } from '../words.ts';
import { Mark } from './Mark.tsx';

interface Props {
  desk: string;
  words: Words;
  visit: { session: Session; link: Link } | null;
  onLanguage: () => void;
}

const icons: Record<Link, IconName> = { connecting: 'turning', online: 'online', offline: 'offline' };

/** Whose desk it is, the visitor's mark, whether it is connected, and the other language. */
export function Header({ desk, words, visit, onLanguage }: Props) {
  return (
    <header class="header">
      {visit && <Mark session={visit.session} words={words} />}
      <div class="header-names">
        <strong class="desk">{desk}</strong>
        {visit && (
          <span class={`link link-${visit.link}`} data-testid="connection" data-state={visit.link} role="status">
            <Icon name={icons[visit.link]} />
            {words.link[visit.link]}
          </span>
        )}
      </div>
      <button
        type="button"
        class="language"
        data-testid="language"
        lang={words.locale === 'es' ? 'en' : 'es'}
        onClick={onLanguage}
      >
        {words.otherLanguage}
      </button>
    </header>
  );
}

/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact';
import { Icon } from '../icons.tsx';

interface Props {
  thumb: string | undefined;
  state: string;
  title: string;
  /** The person has something to do about it. */
  wanted?: boolean;
  children: ComponentChildren;
}

/** One photo of the list: its picture, its name and where it stands. */
export function Card({ thumb, state, title, wanted = false, children }: Props) {
  return (
    <li class={wanted ? 'card wanted' : 'card'} data-testid="photo-card" data-state={state}>
      <div class="thumb">{thumb ? <img src={thumb} alt="" /> : <Icon name="photo" />}</div>
      <div class="card-body">
        <h3>{title}</h3>
        {children}
      </div>
    </li>
  );
}

import { Input } from 'antd';
import { useEffect, useRef, useState } from 'react';

interface SearchBoxProps {
  readonly id: string;
  readonly value: string;
  readonly placeholder: string;
  readonly onChange: (value: string) => void;
}

const PAUSE_MILLISECONDS = 300;

/** Searches when the typing pauses; Enter searches at once. */
export function SearchBox({ id, value, placeholder, onChange }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);

  // The address can change without this box: "reset", or the browser's back.
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(waiting.current), []);

  const type = (next: string) => {
    setText(next);
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => onChange(next.trim()), PAUSE_MILLISECONDS);
  };
  const searchNow = () => {
    clearTimeout(waiting.current);
    onChange(text.trim());
  };

  return (
    <Input
      id={id}
      type="search"
      value={text}
      maxLength={200}
      placeholder={placeholder}
      onChange={({ target }) => type(target.value)}
      onPressEnter={searchNow}
    />
  );
}

'use client';

interface CheckboxProps {
  readonly checked: boolean;
  readonly mixed?: boolean;
  readonly label: string;
  readonly onChange: () => void;
}

export function Checkbox({ checked, mixed = false, label, onChange }: CheckboxProps) {
  return (
    <input
      type="checkbox"
      aria-label={label}
      checked={checked}
      ref={(input) => {
        if (input) input.indeterminate = mixed;
      }}
      onChange={onChange}
      className="size-3.5 cursor-pointer accent-accent"
    />
  );
}

/** Keys as printed on the keyboard: `g p` is two strokes. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className="inline-flex gap-0.5">
      {keys.split(' ').map((key, index) => (
        <kbd
          // Strokes have no identity but their place.
          key={`${index}${key}`}
          className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border border-current/25 px-1 font-sans text-2xs leading-none"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}

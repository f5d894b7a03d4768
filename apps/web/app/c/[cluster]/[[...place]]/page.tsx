/** The frame shows what the address names (`ClusterPages`), so that going from page to page needs no server. */
export default function PlaceRoute() {
  return null;
}

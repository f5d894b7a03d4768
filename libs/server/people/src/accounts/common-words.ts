/** What the passwords that are found most often in leaks are made of, the longest first. */
export const COMMON_WORDS: readonly string[] = `
administrator administration administrateur chocolate challenge christmas computer corvette dashboard diamond dolphin
dragonball elephant elizabeth everything facebook football baseball basketball forever freedom friends goldfish gandalf
google hallo hello hunter iloveyou instagram internet jennifer jessica kubernetes binnacle letmein liverpool chelsea arsenal
barcelona linkedin london login lovely loveyou manchester master matrix michael michelle microsoft million monkey mustang
myspace naruto nicole nintendo nothing orange passphrase password passwort passwd pass playstation please pokemon princess
purple qwerty qwertz azerty asdfgh zxcvbn rainbow samsung secret security server shadow slipknot snoopy soccer spiderman
starwars startrek summer winter autumn spring sunshine superman batman superuser sweetheart system temporary temp test tester
testing thomas trustno tigger trust unknown user username wachtwoord welcome welcom whatever william yellow admin root toor
guest default changeme change changeit cookie cheese charlie daniel andrew anthony ashley amanda jordan joshua
justin killer flower ginger george pepper robert hannah maggie buster access account abc qwe asd xyz love angel baby bailey
dragon ninja hockey monday january february march april june july august september october november december
correcthorsebatterystaple correct horse battery staple mother father family blink company office work home house china india
my me the it is in you your for and
`
  .trim()
  .split(/\s+/)
  .sort((a, b) => b.length - a.length);

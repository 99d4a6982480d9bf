import { plainLetters } from './spelling.ts';

/** Words that may open a sentence with a capital letter and are no names. What is none of them and has one is taken for a name. */
const english =
  'a about absolutely actually after again agreed ah all almost already alright also although always am an and another any anything anyone anytime are area areas as at awesome based be because been before being best beyond both but by buying call can cash certainly cheers close closing come condo congrats congratulations cool could curious definitely depending did do does done don’t down downtown each either else enjoy especially even every everyone everything excellent exactly fair fantastic feel few finally financing fine first for from fully fun gated generally get give given glad go going gonna good got gotcha great ha had happy has have having hello help here hey hi homes home hope hopefully how however i if in indeed instead interesting is it its just keep kindly know last later let lets like likewise listing listings long looking looks lots love lovely luckily makes many may maybe meanwhile might more most moving much my neat new next nice no nobody none not noted nothing now of off often oh ok okay on once one only open or other others our out over pardon parking perfect perhaps plenty please pools possibly probably quick quite rather ready really reply right rough same say seeing selling send shall short should similar simply since so some somebody someone something soon sorry sounds stairs still such super sure take talk tell text thank thanks that thats the their them then there these they thing things think this those though till timing to today together too totally true two understandable understood unfortunately until up us usually very wait walk want was we welcome well were what whatever when whenever where whether which while who whoever whose why will wishing with within without wonderful wow would yeah yep yes yet you your yours pets showing tours tour viewing depends ask asking anything ease easy exciting noticed answering available condition roof kitchen budget price range timeline location either buyers sellers houses house property properties apartment townhouse bedrooms bathrooms local general nearby sometimes ideally naturally feel gladly noted';
const spanish =
  'a además adelante ahora ahí al algo alguien algún alguna algunas algunos antes aquí así asimismo aunque bien bienvenido bienvenida bienvenidos buen buena buenas bueno buenos busca buscamos buscando cada casa casas casi claro como con correcto creo cualquier cuando cuanto cuánto cuánta cuántas cuántos cuál cuáles cuándo cómo de del depende desde después disculpe diga dígame donde dónde durante el ella ellos en encantado encantada entiendo entonces es esa ese eso esos esta está están este esto estoy estamos estupendo exacto excelente favor felicidades fue genial gracias gusto ha hable hasta hay hemos hola hoy igual igualmente incluso la las le les lo los lamento listo luego mantengo más me mejor mi mientras muchas mucho muy nada ni ningún ninguna no nos nosotros nuestra nuestro nuestros o ojalá otra otro para parece pasa perdón perdone perfecto pero podemos podría por porque prefiere primero pronto puede puedo pues que qué quién quien quiere quisiera recuerde responde se sea según seguro si sí siempre sigue siento sin sobre solo soy su sus también tan tenemos tengo tiene tienen todavía todo todos tomo tranquilo tranquila tras tu un una uno usted ustedes va vale vamos vaya veo vende vender y ya yo encantados cuénteme dependiendo piensa pagaría anoto avisé local hablar comprar mudarse alguien nuestro';

const starters: ReadonlySet<string> = new Set(plainLetters(`${english} ${spanish}`).split(' '));
/** What has capital letters wherever it stands. */
const capitals: ReadonlySet<string> = new Set(
  "I I'm I'll I've I'd AI IA OK HOA MLS English Spanish STOP Hi Hello Hola".split(' '),
);

export function opensSentences(word: string): boolean {
  return starters.has(word.toLowerCase()) || starters.has(word.toLowerCase().replace(/['’](?:s|re|ll|ve|d|m|t)$/, ''));
}

export function hasCapitals(word: string): boolean {
  return capitals.has(word);
}

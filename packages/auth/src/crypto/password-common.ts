// Of eight characters and more, in lower case: shorter ones are refused by their length. A
// larger list belongs in a file of its own that this set is read from.
const words = `
!qaz2wsx !qaz@wsx 00000000 000000000 0000000000 01010101 01234567 012345678 0123456789 10101010
10203040 102030405060 11001100 11111111 111111111 1111111111 11112222 11223344 1122334455
112233445566 12121212 123123123 1231231234 123321123 12341234 12344321 123454321 123456123
123456654321 12345678 123456789 1234567890 12345678910 123456789a 123456789q 12345678a 12345678q
1234567a 1234567q 123456aa 123456abc 123456qwe 12345abc 12345abcd 12345password 12345qwert
1234qwer 123abc123 123password 123qwe123 123qweasd 123qweasdzxc 13579246 135792468 14725836
147258369 14789632 159357456 159753456 19841984 19851985 19861986 19871987 19881988 19891989
19901990 19911991 19921992 1password 1q2w3e4r 1q2w3e4r! 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx
1qaz2wsx3edc 1qaz@wsx 1qazxsw2 20002000 20102010 20122012 20202020 20202021 20232023 20242024
20252025 21212121 22222222 23232323 24682468 25802580 2wsx3edc 31415926 314159265 3141592653
321321321 33333333 43214321 44444444 456456456 55555555 55555555555 66666666 69696969 741852963
77777777 789456123 789789789 87654321 88888888 888888888 963852741 98765432 987654321 9876543210
99999999 999999999 a1234567 a12345678 a123456789 a1b2c3d4 a1b2c3d4e5 a1s2d3f4 aa123456 aa12345678
aaa111222 aaaaaaaa aaaaaaaaa aabbcc112233 aabbccdd abc12345 abc123456 abc123456789 abc123abc
abcabcabc abcd1234 abcd12345 abcd123456 abcde12345 abcdef123 abcdefg1 abcdefg123 abcdefgh
abcdefghi abcdefghij access123 access14 admin123 admin1234 admin12345 admin123456 admin2024
admin2025 admin2026 admin@123 admin@1234 adminadmin administrator administrator1 alejandra
alejandro alexander alexander1 alexandra alexandru alphabet america1 america123 american1
amorcito amsterdam andrew123 android1 android123 angel123 angels123 anthony1 anthony123 anything
apple123 arsenal1 arsenal123 as123456 asd12345 asd123456 asd123asd asdasdasd asdf1234 asdfasdf
asdfghjk asdfghjkl asdfqwer ashley123 aspirine assassin asshole1 audi1234 australia autumn2023
autumn2024 autumn2025 avengers az123456 azerty123 azerty1234 azertyui azertyuiop baby1234
babyboy1 babydoll babygirl babygirl1 babygirl12 babygirl123 babylove badass123 banana123 bananas1
barbara1 barcelona barcelona1 barcelona123 baseball baseball1 baseball12 baseball2 basketba
basketball basketball1 batman12 batman123 beautiful beautiful1 benjamin benjamin1 besiktas
bestfriend bestfriend1 bestfriends bigdaddy bigdaddy1 birthday birthday1 blackjack blahblah
blahblah1 blessed1 blessing blessings blink182 blink1821 blueberry bmw12345 bond007007 bonita123
bonjour1 bonjour123 brandon1 brandon123 brazil123 brooklyn brooklyn1 bubblegum bubbles1
bubbles123 bulldog1 bulldogs bullshit bullshit1 buster123 buttercup butterfly butterfly1
butterfly123 butterfly2 california california1 callofduty camaro123 canada123 carolina cassandra
catherine celtic1888 changeit changeme changeme! changeme1 changeme123 changepassword charlie1
charlie123 charlie2 charlotte checkers cheer123 cheerleader chelsea1 chelsea123 chelseafc
cherry123 chester1 chevrolet cheyenne chicago1 chivas123 chocolate chocolate1 chocolate123
chocolate2 chouchou christ123 christian christian1 christina christine christmas christmas1
christopher cinnamon cisco123 clarinet cleopatra clifford cocacola cocacola1 coffee123 colorado
computer computer1 computer12 computer123 computer2 contrasena contraseña cookie123 cookies1
cookies123 coolcool coolgirl coolman1 corazon1 corvette corvette1 counterstrike courtney cowboys1
creative cricket1 crystal1 cupcake1 cupcakes daniel123 daniela1 danielle danielle1 darkness
darkside david123 deadhead deadpool death123 december december1 default1 default123
defaultpassword defender deutschland devil666 diamond1 diamonds dickhead director doggies1
doggy123 dolphins doudou123 dragon12 dragon123 dragon1234 dragonball dragonballz dragonfly
dreamer1 drummer1 eagles123 einstein elephant elizabeth elizabeth1 eminem123 england1 estrella
estrellita everything explorer facebook facebook1 facebook123 faith123 familia1 family123
fantasia fantasy1 fatboy123 favorite february fenerbahce fernanda fernando ferrari1 ferrari123
fireball firebird firefighter fishing1 floppy123 florida1 flower123 flowers1 football football1
football12 football123 football2 footballer forever1 forever21 fortnite fortnite1 fortnite123
france123 francisco frankfurt freedom1 freedom123 friends1 friends123 friendship frodo123
fucker123 fuckoff1 fuckthis fuckyou! fuckyou1 fuckyou12 fuckyou123 fuckyou2 gabriel1 gabriela
gabriella galatasaray gandalf1 gangsta1 gangster garfield geheim123 genesis1 george123 germany1
getmoney ginger123 godbless godisgood godislove godzilla goldfish goodluck goodluck1 google123
googlegoogle gorgeous grace123 greenday greenday1 guest123 guest1234 guitar123 gymnastics
hallelujah hallo123 hallo1234 halloween hamburg1 handsome happiness happy123 happyday hardware
harley123 harleydavidson harrypotter heaven123 hejsan123 hello123 hello1234 hello12345 hello@123
hellohello hellokitty hellokitty1 helloworld hermosa1 hithere1 hockey123 hogwarts hollywood
homework honda123 honey123 honeybee hotmail1 hotmail123 hotstuff hunter12 hunter123 icecream
icecream1 idontknow ihateyou ihateyou1 ilovegod iloveher ilovehim ilovejesus iloveme1 ilovemom
ilovemydog ilovemyself iloveusa iloveyou iloveyou! iloveyou1 iloveyou12 iloveyou123 iloveyou2
iloveyou3 iloveyouu imsocool india123 indian123 indonesia instagram instagram1 internet internet1
internet123 iphone123 ironmaiden ironman123 istanbul jackass1 jackson5 jamesbond jamesbond007
january1 jellybean jennifer jennifer1 jessica1 jessica123 jessica2 jesus123 jesus1234 jesuschrist
jesusislord johnny123 jonathan jonathan1 jordan123 jordan23 joshua123 justin123 juventus
juventus1 k1234567 kangaroo katherine kawasaki kennwort keyboard killer12 killer123 killerman
kimberly kimberly1 kingking kingkong kitty123 kittycat knight12 lacrosse lakers24 lamborghini
lastfm12 leedsunited letmein! letmein1 letmein1! letmein12 letmein123 letmein2 letmeinnow
lifeisgood lightning linkedin linkedin1 linkin12 linkinpark linkinpark1 livelife liverpool
liverpool1 liverpool123 liverpoolfc login123 loginlogin logitech lollipop lollypop london123
lonewolf longhorn loulou123 loveforever loveless lovelove lovely123 loveme123 loverboy lovergirl
lovers123 loveyou1 loveyou123 loveyou2 lucky123 lucky1234 lucky777 m1234567 macintosh madison1
magic123 mahalkita malaysia manchester manchester1 manutd123 margaret mariposa marlboro marseille
marshmallow maryjane master01 master12 master123 master1234 masterkey mastermind matrix123
matthew1 maverick maverick1 melissa1 mercedes mercedes1 mercury1 meredith messi123 metallica
metallica1 mexico123 michael1 michael123 michael2 michelle michelle1 mickey123 mickeymouse
microsoft microsoft1 midnight midnight1 mierda123 minecraft minecraft1 minecraft123 mohammed
mohammed1 money123 moneyman monkey12 monkey123 monkey1234 monkeyman monster1 monster123 moonlight
motdepasse motorola mountain muhammad mushroom music123 musicman mustang1 mustang123 mylove123
mynameis mynoob12 mypass123 mypassword mysql123 naruto123 ncc1701d ncc1701e network1 newpass1
newpassword newyork1 newyork123 nicholas nicholas1 nicole123 nicotine nightmare nintendo
nintendo64 nirvana1 nirvana123 nissan123 nopass123 nopassword nosecret notebook nothing1 november
november1 number11 october1 oldpassword onepiece operator oracle123 orange123 outkast1 overlord
p1234567 p@ssw0rd p@ssw0rd! p@ssw0rd1 p@ssw0rd12 p@ssw0rd123 p@ssword p@ssword1 p@ssword123
pa$$w0rd pa$$word pa55w0rd pa55word packers1 paintball pakistan pakistan1 pakistan123 panther1
paradise paramore paris123 pass1234 pass12345 pass123456 pass@123 pass@1234 passport passw0rd
passw0rd! passw0rd1 passw0rd123 password password! password. password00 password01 password1
password1! password10 password11 password12 password12! password123 password123! password1234
password12345 password123456 password13 password2 password2020 password2021 password2022
password2023 password2024 password2025 password2026 password21 password22 password23 password3
password69 password7 password77 password88 password9 password99 password@1 password@123 password_
passwordpassword passwords passwort passwort1 passwort123 patrick1 patriots peaches1 peanut123
peekaboo penguin1 penguins pepper123 pharmacy philippines phoenix1 phoenix123 pikachu1 pikachu123
pineapple playboy1 player123 playstation playstation1 playstation3 please123 pokemon1 pokemon123
polska123 poohbear poohbear1 poop1234 popcorn1 popopopo porsche1 porsche911 portland portugal
postgres postgres1 precious precious1 predator princesa princess princess1 princess12 princess123
princess2 professor pumpkin1 punkrock puppies1 puppy123 q1234567 q12345678 q123456789 q1w2e3r4
q1w2e3r4t5 q1w2e3r4t5y6 qq123456 qwe12345 qwe123456 qwe123qwe qweasd123 qweasdzxc qweqweqwe
qwer1234 qwer12345 qwerasdf qwerasdfzxcv qwert123 qwert1234 qwert12345 qwerty1! qwerty12
qwerty123 qwerty123! qwerty1234 qwerty12345 qwerty123456 qwertyui qwertyuiop qwertyuiop123
qwertz123 qwertzuiop rainbow1 rainbow123 rangers1 raspberry raspberrypi realmadrid realmadrid1
reddevil redneck1 redrum123 redskins remember renegade research rhinoceros robert123 roblox123
robloxroblox rockstar rockstar1 rockstar123 ronaldo123 ronaldo7 root1234 root12345 rootroot
russia123 s1234567 samantha samantha1 sample123 samsam12 samsung1 samsung123 sandiego sasuke123
saturday saxophone schalke04 school123 scooby123 scoobydoo scooter1 scorpion scorpion1 scotland
scripture sebastian sebastian1 secret12 secret123 secret1234 secretsecret security security1
senha123 senha1234 september september1 server01 sexy1234 sexybitch sexyboy1 sexygirl sexylady
shadow12 shadow123 shithead shitshit shopping showtime sidekick silver123 silverado simpsons
singapore skateboard skater123 skywalker slayer123 slipknot slipknot1 smile123 smiley123 snickers
snoopy123 snowball snowboard snowflake snowman1 snuggles soccer12 soccer123 softball softball1
software soleil123 something something1 sparky123 spiderman spiderman1 spongebob spongebob1
sporting spring2022 spring2023 spring2024 spring2025 spring2026 squirrel srinivas starcraft
stardust stargate starlight startrek startrek1 starwars starwars1 starwars123 steelers steelers1
stephanie stephanie1 stephen1 stinky123 stonecold strawberry strawberry1 student1 student123
stupid123 subaru123 sublime1 summer01 summer12 summer123 summer2020 summer2021 summer2022
summer2023 summer2024 summer2025 summer2026 sunday12 sunflower sunflower1 sunset123 sunshine
sunshine1 sunshine123 sunshine2 superadmin superman superman1 superman123 superman2 superstar
superstar1 superuser suzuki123 sweden123 sweetheart sweetheart1 sweetie1 sweetpea sweetpea1
swimming system32 tarheels taylor123 teacher1 teamo123 teamomucho temp1234 temporary temppass
temppassword tennis123 tequiero terminator test1234 test12345 test123456 tester123 testing1
testing123 testpass testpassword testtest testtest1 testuser thebest1 thegame1 theking1
thepassword thirteen thisisme thomas123 thumper1 thunder1 thunder123 tiger123 tigers123 tigger123
timberland tinkerbell tinkerbell1 titanic1 together tomcat123 toontown toor1234 topsecret
tottenham toyota123 treasure trinity1 trouble1 truelove truelove1 trumpet1 trustno1 trustno11
trustnoone turkiye1 tweety123 twilight twilight1 twitter1 ubuntu123 unicorn1 unicorns universe
user1234 username username1 vacation valentin valentina valentine vampire1 vanessa1 veronica
victoria victoria1 vietnam1 viking123 vincent1 voldemort volleyball voyager1 w1234567 wachtwoord
wachtwoord1 walter123 warcraft warcraft1 warrior1 warriors watermelon welcome01 welcome1
welcome1! welcome12 welcome123 welcome2 welcome2023 welcome2024 welcome2025 welcome2026 welcome@1
welcome@123 westside whatever whatever1 whatever2 wildcat1 wildcats william1 windows1 windows10
windows11 windows7 windows98 winter123 winter2022 winter2023 winter2024 winter2025 winter2026
wolverine wonderful woodland worldofwarcraft wrestling x1234567 xbox3600 xsw21qaz xxxxxxxx
yahoo123 yamaha123 yankee123 yankees1 yellow123 yourpassword youtube1 youtube123 z1234567
zachary1 zaq12wsx zaq1@wsx zaq1zaq1 zaqwsxcde zeppelin zoosk123 zxcvasdf zxcvbnm, zxcvbnm1
zxcvbnm123 zz123456
`

/** Passwords that are tried first by whoever guesses. */
export const commonPasswords: ReadonlySet<string> = new Set(words.trim().split(/\s+/))

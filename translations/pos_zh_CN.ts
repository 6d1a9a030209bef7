<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>MainWindow</name>
    <message>
        <source>Till</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>OpeningPage</name>
    <message>
        <source>Quit</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Go on</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The till cannot open yet</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Something went wrong in the program</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>What was booked is safe on disk. It was written to the log; tell whoever looks after the till: {bug}.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Opening the till…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>A moment, please.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Sell</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Sales</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>To do</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Shift</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Day</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Lock</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message>
        <source>{n} unsent</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>all sent</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>clock is {n} min wrong</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>asking…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>line up</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>line down</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>wallet low {money}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>wallet {money}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{held} of {total} products</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{held} of {total} products, as of {time}</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>Cashier</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Supervisor</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Owner</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Monday</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Tuesday</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Wednesday</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Thursday</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Friday</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Saturday</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Sunday</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>January</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>February</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>March</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>April</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>May</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>June</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>July</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>August</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>September</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>October</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>November</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>December</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{weekday} {day} {month}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>just now</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>1 minute ago</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{minutes} minutes ago</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This product</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That PIN is not right. One try is left before a pause.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That PIN is not right. {tries} tries are left before a pause.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Too many wrong PINs. This person can sign in again at {time}.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This needs a supervisor's PIN. Nothing was changed.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Only a supervisor may see a code. Ask one to enter a PIN.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The day's figures are for the owner's PIN.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Only a supervisor or the owner may change this.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>You may not do this. Ask a supervisor. Nothing was changed.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Please say why: it is kept in the books. Nothing was done yet.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This person can no longer sign in here. Ask the owner.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That PIN is too easy. Take {digits} digits that are no run and not all alike.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No product has the barcode {barcode}. Nothing was added. Look for it by name.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Nothing is called “{text}”. Try fewer letters or the first letters of pinyin.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{text} is too long for a quantity. Nothing was changed. Scan it once more.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Not {text}: this sells in steps of {step}, from {least} to {most}.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Not {text}: the quantity can be {least} to {most}. Nothing was changed.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That is no mobile number. Please read all 11 digits again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That is no QQ number: 5 to 11 digits, the first is not 0.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Only digits here. Please check the account once more.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That is no e-mail address. Please check it once more.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That cannot be an account. Please check it once more.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That is a payment code, but nothing is in the basket yet. No money was taken.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This till takes cash only. No money was taken from the customer's wallet.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The basket is empty. Scan something first.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{product}: only {left} left, {wanted} wanted. No money was taken. Sell fewer.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{product} is sold out. No money was taken. Offer another face value.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{product} has a new price. No money was taken. Tell the customer, then pay again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{product} is no longer sold. No money was taken. It has left the basket.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform's limit is reached. No money was taken. Sell fewer, or later.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform allows at most {most}. No money was taken. Sell fewer, or later.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The shop's wallet has {available}, this needs {needed}. No money was taken. Ask the owner to fill it.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{missing} are missing: {received} of {total}. Nothing was booked yet.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>“{text}” is no sum of money that a till can take. Nothing was booked.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No shift is open. Count the opening cash and open it, then go on.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{name}'s shift is already open. Go on in it, or close it first.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This sale has moved on in the meantime. Nothing was done twice. Look at it again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This till has no such sale. Check the number.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The till no longer keeps this code. The platform still does: ask its support.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This code does not open on this till. The money is safe. Ask the platform's support.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This till belongs to no platform yet. Enter the code from the platform's operator.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That code is mistyped or was used before. Check each sign, or ask for a new one.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform cannot be reached. Nothing is lost; the till asks again by itself.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform does not answer. Nothing is lost; the till asks again by itself.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Something other than the platform answered. Nothing is lost. Check whether the network wants a sign-in.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform has trouble of its own. Nothing is lost; the till asks again by itself.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The answer was not signed by our platform, so it does not count. Nothing is lost. Tell the owner.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform is busy. Nothing is lost; the till asks again in a moment.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>There was no usable answer. Nothing is lost; the till asks again by itself.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This PC's clock is wrong. Set it, then try again. Nothing was lost.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform has shut this till out. Nothing was lost. Ask the owner.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The goods were no longer set aside and are sold out now. Give the customer the money back.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This sale was cancelled at the platform. No code will come of it.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Another PC sells as this till. Nothing was lost. Ask the owner to enrol this one again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform asks for a short pause. Nothing was lost. Try again soon.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform is closed for a moment. Nothing was lost. Try again soon.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform is still at it. Nothing is lost; the till asks again by itself.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform does not allow this any more. Nothing was changed.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform does not know this. Nothing was changed. Ask its support.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform did not answer, so the sale was let go. No money was taken.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The till was started anew, so the sale was let go. No money was taken.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Sold out. No money was taken.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The price has changed. No money was taken.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No longer sold. No money was taken.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The shop's wallet was too low. No money was taken.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform's limit was reached. No money was taken.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform refused ({code}). Nothing was lost. Tell the owner.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The till's file is damaged, so nothing more is written to it. Keep {path} and put a backup in its place.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{path} was not made by this till, or with another key. It was left as it is. Choose another folder.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{path} was written by a newer till. It was left as it is. Install the newer program.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The disk is full, so this was not booked. Make room near {path}, then try again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The till may not write to {path}, so this was not booked. Give it leave.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The disk failed at {path}, so this was not booked. What was booked before is safe.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The till is already open on this PC. Go on in its window.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The books at {path} are here, their keys are not. Bring the keys back from the backup.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>no printer is set up</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the printer is not there</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the till may not use the printer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the printer is busy or refuses</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the printer does not answer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the paper is used up</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the printer's cover is open</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the printer is off line</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the connection broke off while printing</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the code does not open on this till</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the till stopped while printing</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the printer failed</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Printing broke off: {cause}. The sale is safe. Look whether the slip came out.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Nothing was printed: {cause}. The sale is safe. Put it right, then print again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Another program uses the platform's files. Nothing was lost. Close it, try again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform's file is damaged. It was left as it is. Put a backup in its place.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform on this PC takes too long to start. Nothing was lost. Try again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform on this PC ended at once. Nothing was lost. Try again, or tell the owner.</source>
        <translation type="unfinished" />
    </message>
</context>
</TS>

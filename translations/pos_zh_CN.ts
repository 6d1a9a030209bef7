<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutPanel</name>
    <message>
        <source>Shop</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Till</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Platform</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The data lie in</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Version</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Are the books in order?</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Examining…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Examine</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Every sale, code and figure on this till is checked. Nothing is changed.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Cart</name>
    <message>
        <source>Empty</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Total</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Take payment</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Back to the basket</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Scan a card, or type a name or a phone number</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>1 item</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{n} items</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Basket</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>↑ ↓ line   + − quantity   Del remove</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Chips</name>
    <message>
        <source>Often sold</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Comparison</name>
    <message>
        <source>Counted</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Expected by the books</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Difference</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Not finished, carried over: {n}, with {money}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The drawer is right to the last coin</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{money} short: the drawer holds less than the books say</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{money} over: the drawer holds more than the books say</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>CountPanel</name>
    <message>
        <source>Count the drawer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Type how many of each, or the whole sum at the bottom. The books are compared afterwards.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Other money, or all in one sum</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Counted</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Counted, compare</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Not now</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>How many of {face}</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Day</name>
    <message>
        <source>none last {weekday}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>last {weekday} in all: {figure}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>as last {weekday}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{percent} % above last {weekday}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{percent} % below last {weekday}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>nothing waits</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>not finished, now</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Products</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Ways to pay</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Cashiers</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Cash</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>DayPageView</name>
    <message>
        <source>The day's sales</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>today, so far</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Earlier</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Later</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Today</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Save as files</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Takings by hour</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>For the owner</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The day's figures open with the owner's PIN, and close when the page is left.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Save the day as files</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Workbook and CSV (*.xlsx)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Saved: {paths}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Saving…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Takings</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Sales</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Margin</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>To do</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>DonePanel</name>
    <message>
        <source>Change</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>received {received} for {total}   no. {number}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Print again</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Yes, it is here</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No, print it again</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The next scan starts the next sale.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Give the money back</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Paid, the code is on its way</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Paid, a slip is missing</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Paid, printing…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Paid, the top-up is on its way</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Handed over</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{why} It waits under To do.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Did the slip come out readable? Printing broke off: {cause}.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform does not answer. The money is safe; the code will follow by itself.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>FieldsForm</name>
    <message>
        <source>Go on</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Back</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Nobody needs a password for this. Never ask for one.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{field} (if any)</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>FullTable</name>
    <message>
        <source>Back</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Number</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Takings</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Margin</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>HandOver</name>
    <message>
        <source>Not yet</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Hand this to the customer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>It is booked as given back, and the drawer opens.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Handed over</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Give this back in cash?</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Give it back</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>LineTable</name>
    <message>
        <source>new price {money}</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>LookPanel</name>
    <message>
        <source>Language</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Look</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Till</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>MovePanel</name>
    <message>
        <source>Amount</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Why? A digit picks, or type it.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Not now</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Cash into the drawer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Change brought in</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Left over from yesterday</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Cash out of the drawer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>To the owner or the safe</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>To the bank</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Bought something for the shop</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Open the drawer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>To change a note</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>To check the cash</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>or in your own words</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>The basket was emptied.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Take it back</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform does not answer, so nothing was sold. Take no money yet; try again in a moment.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The basket from before is back. No money was taken for it.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>A slip of the sale before did not come out. It waits under To do; the sale is safe.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The sale before still waits for the platform. The money is safe; the code follows by itself.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>OpenPanel</name>
    <message>
        <source>The shift is open</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{name} opened it {time}, with {money} in the drawer.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Cash in</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Cash out</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Open the drawer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Count and close the shift</source>
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
    <name>OpeningPanel</name>
    <message>
        <source>No shift is open</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>How much cash lies in the drawer now? Money is only taken in an open shift.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Opening cash</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Open the shift</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Last closing slip</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{name} counted {money} at the last close, {time}.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>PastSales</name>
    <message>
        <source>not finished</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>delivered</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>money given back</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>cancelled</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>being cancelled</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>give money back</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>look at the slip</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>not paid yet</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>code follows</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>topped up</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>could not be topped up</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>top-up on its way</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Code slip</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Top-up slip</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Receipt</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Closing slip</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>did not come out</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>shown on the screen</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>printed</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>waits for the printer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>printing</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>did it come out?</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>copy {n}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The paper was torn or pale</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The customer lost it</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The printer jammed</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The printer does not work</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The slip cannot be read</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>PayPanel</name>
    <message>
        <source>Cash</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>To pay</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Received</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Change</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Handed over</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Exact</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Letting the goods go…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Asking the platform…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Booking…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Book it</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Exact, book it</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>PeoplePanel</name>
    <message>
        <source>Only the owner adds people.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Add someone</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>PIN, at least {n} digits</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The same PIN again</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Add</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The two PINs are not the same. Nobody was added. Type both again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{name} may sign in from now on.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>PhonePanel</name>
    <message>
        <source>How much? 1–9 picks, Esc goes back. A ported number may have another carrier.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>China Mobile</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>China Unicom</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>China Telecom</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>China Broadnet</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>carrier not known</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>PrinterPanel</name>
    <message>
        <source>Only a supervisor or the owner changes the printer. The test slip is for all.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>How the printer is reached</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Paper</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Test slip</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Printing…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Print a test slip</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Which number stands on the slip? Type it here.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>A number is printed that only the slip knows. Read it back, then you are sure.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The number on the slip</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Right. The printer works.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That was not printed. Look again, or print once more.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>ProductTiles</name>
    <message>
        <source>sold out</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{n} left</source>
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
    <name>ReadBackPanel</name>
    <message>
        <source>Read it to the customer. A top-up cannot be taken back.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That is right, add it</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Change it</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>SaleDetails</name>
    <message>
        <source>{money} given back</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Total</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Cash received</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Change</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>SalesPageView</name>
    <message>
        <source>Today, {day}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Nothing that day. These are from other days.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Receipt number, amount, phone's last four, or 14:30</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Look for a sale</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Earlier</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Later</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Receipt</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>What</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Total</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{what} and {n} more</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No sale like that. Try the amount or the time.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No sales that day.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>SecondPerson</name>
    <message>
        <source>Nobody here may do this. Ask the owner.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>PIN</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Agree</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{name}, please type your PIN.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Light</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Large print</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>58 mm</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>80 mm</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Network</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>USB</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Serial port</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Windows printer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Into a file</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>On the screen only</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No printer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Address and port, as 192.168.1.50:9100</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Vendor and product id, as 04b8:0e15</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Port, as COM3 or /dev/ttyUSB0</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Name of the printer in Windows</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Path of the file</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Language and look</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Printer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>People</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>About this till</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The till's file is sound</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Every code belongs to one sale only</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Every paid sale was paid in full</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No code went out without money</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No paid sale was forgotten</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Every line has exactly its codes</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The receipt numbers have no gap</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The ledger is unbroken</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform holds what it said it holds</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>SettingsPageView</name>
    <message>
        <source>Settings</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>ShiftPageView</name>
    <message>
        <source>Compared with the books</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The shift is closed</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Close the shift</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Count again</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Print the slip again</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The shift is open. Good selling.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{money} is booked.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The drawer is open, and the reason is written down.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The closing slip is printing…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The closing slip is printed.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>ShiftPanel</name>
    <message>
        <source>Open the shift</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Count the cash in the drawer. From here on money can be taken.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>ShortTable</name>
    <message>
        <source>All {n}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No sales.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Side</name>
    <message>
        <source>Print again</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Show code</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No, print it again</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Hide it now</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Which one?</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Print again: why?</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Show the code: why?</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>A second person must agree</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The code</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Without a receipt</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>It is printing…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Printed.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Noted. This slip is settled.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Printing broke off. Look at the printer: did the slip come out whole?</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>A slip did not come out: {cause}.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Yes, it came out</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Print it now</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Give {money} back</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>or in your own words</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>It hides itself in {n} seconds. It is written down who looked, and why.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Slips</name>
    <message>
        <source>Code slip {n} of {all}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Top-up slip</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Receipt</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>waits</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>printing…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>lost, printed again</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>printed</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>please look</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>topped up</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>failed, give the money back</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>on its way</source>
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
    <name>TillPage</name>
    <message>
        <source>Scan, or type a name, pinyin or a phone number</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Keypad</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Todo</name>
    <message>
        <source>{what} and {n} more</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Give the money back</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>It could not be delivered and never will be. The money is the customer's.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Give {money} back</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Did the slip come out?</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Printing broke off. Look at the printer: is it there, and whole? ({slip})</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Yes, it is here</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>A slip did not come out</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{slip}: {cause}. Put it right, then print.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Print it now</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Ask now</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>A slip waits for the printer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>It prints by itself in a moment.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The code is still to come</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The money is safe. The till asks the platform by itself, again and again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>A top-up is on its way</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The till asks by itself and prints the result. Never sell it a second time.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Set aside, not paid yet</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Take the money on the selling page, or let it go there.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>A cancelled sale is being told to the platform</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No money was taken. The till tells it by itself.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Code slip</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Top-up slip</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Receipt</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>TodoCard</name>
    <message>
        <source>No, print it again</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>TodoPageView</name>
    <message>
        <source>Look again</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Nothing waits for you</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Every sale of this till is delivered and paid for. What is not will stand here by itself.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>To do</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>1 thing waits for you</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{n} things wait for you</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the till does {n} by itself</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Asking the platform…</source>
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

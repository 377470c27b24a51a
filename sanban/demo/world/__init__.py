"""Pure data of the invented province 清江省; nothing here touches the database."""
